#pragma once

#include <CLI/CLI.hpp>

namespace pushlab::driver {

// Each adds its subcommand; a subcommand that ran leaves its exit status in `exit_status`.
void add_list_command(CLI::App& app, int& exit_status);
void add_serve_command(CLI::App& app, int& exit_status);
void add_load_command(CLI::App& app, int& exit_status);
void add_run_command(CLI::App& app, int& exit_status);
void add_tail_command(CLI::App& app, int& exit_status);
void add_conform_command(CLI::App& app, int& exit_status);
void add_report_command(CLI::App& app, int& exit_status);
void add_decide_command(CLI::App& app, int& exit_status);
void add_capacity_command(CLI::App& app, int& exit_status);
void add_gate_command(CLI::App& app, int& exit_status);
void add_count_command(CLI::App& app, int& exit_status);
void add_null_client_command(CLI::App& app, int& exit_status);

// Exit statuses that scripts rely on.
constexpr int fell_short = 1;  // lost deliveries
constexpr int bad_input = 2;
constexpr int invalid_run = 3;  // the load generator or the machine was the bottleneck

}  // namespace pushlab::driver

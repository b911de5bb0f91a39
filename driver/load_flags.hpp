#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "loadgen/load_plan.hpp"

namespace pushlab::driver {

// The flags of `pushlab load`, and the plan that they and the target file make.
struct LoadFlags {
  std::string strategy;
  std::string target;  // id or file
  std::string client_url;
  std::string ingest_url;
  std::string arrivals = "poisson";
  std::string popularity = "uniform";
  std::optional<double> poll_interval_s;
  std::optional<double> wait_s;
  std::string cursor;  // empty: the target's
  std::string cpu;
  std::optional<int> server_pid;
  std::string phases;  // a file; empty: none
  bool as_json = false;
  loadgen::LoadPlan plan;  // the rest goes straight into the plan
};

void add_load_flags(CLI::App& command, LoadFlags& flags);

// Throws InputError with the mend.
loadgen::LoadPlan make_plan(LoadFlags const& flags);

// "0,2-3" to {0, 2, 3}; throws InputError.
std::vector<int> parse_cpu_list(std::string const& list);

// The template with its base put in for `{placeholder}`, when `url` is a base ("http://host:port");
// a URL with a path stays as it is.
std::string fill_url(std::string const& url, std::string const& url_template,
                     std::string const& placeholder);

}  // namespace pushlab::driver

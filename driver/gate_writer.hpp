#pragma once
// What a gate leaves behind.

#include <filesystem>
#include <string>

#include "results/gate.hpp"

namespace pushlab::driver {

// gate.json, then junit.xml, summary.md, metrics.txt (OpenMetrics), benchmark-action.json,
// bencher.json and report.html; makes the folder. Appends the summary to the file that
// $GITHUB_STEP_SUMMARY names, where that is set: if it cannot, it warns. Throws std::runtime_error
// naming the file.
void write_gate_files(results::GateReport const& report, std::filesystem::path const& folder);

// The same without gate.json and without the step summary: for a gate that was read again.
void rewrite_gate_files(results::GateReport const& report, std::filesystem::path const& folder);

// Whether it is a gate.json, or a folder with one.
bool is_gate(std::filesystem::path const& folder_or_file);
// Throws InputError.
results::GateReport read_gate(std::filesystem::path const& folder_or_file);

// One line a metric, then the verdict.
std::string gate_lines(results::GateReport const& report);

}  // namespace pushlab::driver

#pragma once

#include <vector>

#include "report/figure_files.hpp"
#include "results/gate.hpp"

namespace pushlab::report {

// All that a gate is written as beside gate.json: junit.xml, summary.md, metrics.txt,
// benchmark-action.json, bencher.json, report.html.
std::vector<File> gate_files(results::GateReport const& report);

}  // namespace pushlab::report

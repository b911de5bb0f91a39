#pragma once
// A gate as OpenMetrics 1.0 text, for GitLab's metrics reports and whatever keeps time series.

#include <string>

#include "results/gate.hpp"

namespace pushlab::report {

// Gauges in base units (seconds, bytes, ratios), verdicts as state sets, `# EOF` at the end. What
// was not measured has no sample.
std::string gate_openmetrics(results::GateReport const& report);

}  // namespace pushlab::report

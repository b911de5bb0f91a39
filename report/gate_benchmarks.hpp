#pragma once
// A gate's head values for services that follow benchmarks over time.

#include <string>

#include "results/gate.hpp"

namespace pushlab::report {

// For github-action-benchmark, tool `customSmallerIsBetter`: what head needs, with the change
// against base as its range. Without a value there is no entry.
std::string gate_benchmark_action(results::GateReport const& report);

// Bencher Metric Format, adapter `json`: a benchmark a target, and two measures a metric: its value
// at head ("event-p50-ms"), and the change against base in percent with its bounds
// ("event-p50-ms-change").
std::string gate_bencher(results::GateReport const& report);

}  // namespace pushlab::report

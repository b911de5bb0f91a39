// Whether the load generator itself was the bottleneck. Each rule has a number and a sentence; past
// a limit the run is invalid, never merely slow.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pushlab::loadgen {

struct SelfFacts {
  double cpu_share = 0;                  // of one core, the busiest worker, in the measured phase
  double send_rate = 1;                  // events sent in time / events planned
  std::optional<double> lag_p99_ns;      // nothing = events were never sent
  std::optional<double> latency_p50_ns;  // nothing = undelivered
};

constexpr double most_cpu_share = 0.9;
constexpr double least_send_rate = 0.97;
constexpr double most_lag_share = 0.5;  // of the median latency
constexpr double negligible_lag_ns = 5e5;

std::vector<std::string> invalid_reasons(SelfFacts const& facts);

}  // namespace pushlab::loadgen

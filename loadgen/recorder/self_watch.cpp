#include "loadgen/recorder/self_watch.hpp"

#include <fmt/core.h>

namespace pushlab::loadgen {

std::vector<std::string> invalid_reasons(SelfFacts const& facts) {
  std::vector<std::string> reasons;
  if (facts.cpu_share > most_cpu_share) {
    reasons.push_back(fmt::format(
        "The load generator used {:.0f} % of its core (at most {:.0f} %): lower the clients or the "
        "rate, or give it more workers.",
        facts.cpu_share * 100, most_cpu_share * 100));
  }
  if (facts.send_rate < least_send_rate) {
    reasons.push_back(fmt::format(
        "Only {:.1f} % of the planned events were sent in time (at least {:.0f} %): the ingest or "
        "the load generator could not keep up with the rate.",
        facts.send_rate * 100, least_send_rate * 100));
  }
  // Where even the median was not delivered, no lag of ours can explain it.
  if (facts.lag_p99_ns && facts.latency_p50_ns && *facts.lag_p99_ns > negligible_lag_ns &&
      *facts.lag_p99_ns > most_lag_share * *facts.latency_p50_ns) {
    reasons.push_back(fmt::format(
        "Events left {:.2f} ms late (p99), more than half the median latency of {:.2f} ms: the "
        "load generator's own delay would pass for the server's.",
        *facts.lag_p99_ns / 1e6, *facts.latency_p50_ns / 1e6));
  }
  return reasons;
}

}  // namespace pushlab::loadgen

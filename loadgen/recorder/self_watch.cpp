#include "loadgen/recorder/self_watch.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace pushlab::loadgen {

namespace {

struct Limits {
  double suspect;  // above it, suspect
  double invalid;  // above it, invalid
};

constexpr Limits cpu_limits{0.8, 0.9};
constexpr Limits wait_limits{0.02, 0.1};
constexpr Limits steal_limits{0.01, 0.05};
constexpr Limits recovery_limits{0.05, 0.2};
constexpr double most_pressure = 0.1;
constexpr double fair_send_rate = 0.99;
constexpr double least_send_rate = 0.97;
constexpr double unseen_lag_ns = 2e5;

Verdict judged(double value, Limits limits) {
  if (value > limits.invalid) return Verdict::invalid;
  return value > limits.suspect ? Verdict::suspect : Verdict::ok;
}

SelfCheck share_check(std::string_view check, double value, Limits limits, std::string_view what,
                      std::string_view mend) {
  SelfCheck out{check, value, limits.invalid, "share", judged(value, limits), {}};
  if (out.verdict == Verdict::invalid)
    out.reason = fmt::format("{} {:.0f} % (at most {:.0f} %): {}.", what, value * 100,
                             limits.invalid * 100, mend);
  return out;
}

SelfCheck send_rate_check(double rate) {
  auto const verdict = rate < least_send_rate  ? Verdict::invalid
                       : rate < fair_send_rate ? Verdict::suspect
                                               : Verdict::ok;
  SelfCheck out{"send_rate", rate, least_send_rate, "share", verdict, {}};
  if (verdict == Verdict::invalid)
    out.reason = fmt::format(
        "Only {:.1f} % of the planned events were sent in time (at least {:.0f} %): the ingest or "
        "the load generator could not keep up with the rate.",
        rate * 100, least_send_rate * 100);
  return out;
}

// A delay of ours against the median latency. Where even the median was not delivered, no delay of
// ours can explain it.
SelfCheck delay_check(std::string_view check, double delay_ns, std::optional<double> latency_ns,
                      double most_share, std::string_view what) {
  auto const latency = latency_ns.value_or(0);
  Limits const limits{std::max(unseen_lag_ns, 0.1 * latency),
                      std::max(negligible_lag_ns, most_share * latency)};
  auto const verdict = latency_ns ? judged(delay_ns, limits) : Verdict::ok;
  SelfCheck out{check, delay_ns / 1e6, limits.invalid / 1e6, "ms", verdict, {}};
  if (verdict == Verdict::invalid)
    out.reason = fmt::format(
        "{} {:.2f} ms late (p99), more than {:.2f} ms, at a median latency of {:.2f} ms: the load "
        "generator's own delay would pass for the server's.",
        what, delay_ns / 1e6, limits.invalid / 1e6, latency / 1e6);
  return out;
}

// While a crowd connects again the loop has its hands full, and one late event of a few is the p99.
// It would pass for the server's where it is long beside the time that the clients took.
SelfCheck recovery_check(double lag_ns, double recovery_ns) {
  SelfCheck out{"recovery_lag",
                lag_ns / 1e6,
                recovery_limits.invalid * recovery_ns / 1e6,
                "ms",
                judged(lag_ns / recovery_ns, recovery_limits),
                {}};
  if (out.verdict == Verdict::invalid)
    out.reason = fmt::format(
        "While clients came back an event left {:.2f} ms late, more than {:.0f} % of the {:.0f} ms "
        "after which half of them were back: lower the clients, or give the load generator more "
        "workers.",
        out.value, recovery_limits.invalid * 100, recovery_ns / 1e6);
  return out;
}

SelfCheck count_check(std::string_view check, std::uint64_t count, Verdict worst,
                      std::string_view what) {
  SelfCheck out{check, static_cast<double>(count), 0, "count", count > 0 ? worst : Verdict::ok, {}};
  if (out.verdict == Verdict::invalid) out.reason = fmt::format("{} {}.", count, what);
  return out;
}

// What of the machine's state disturbed us. Two rules know no worse than suspect: a full accept
// queue is the server's, and who waited for a core may have been the server's own processes.
void check_machine(SelfFacts const& facts, std::vector<SelfCheck>& out) {
  if (facts.steal_share)
    out.push_back(share_check("steal", *facts.steal_share, steal_limits,
                              "The machine's host took away",
                              "measure on a machine that is not shared"));
  if (facts.pressure_share) {
    auto const verdict = *facts.pressure_share > most_pressure ? Verdict::suspect : Verdict::ok;
    out.push_back({"cpu_pressure", *facts.pressure_share, most_pressure, "share", verdict, {}});
  }
  if (facts.listen_overflows)
    out.push_back(count_check("listen_overflows", *facts.listen_overflows, Verdict::suspect, ""));
  if (facts.receive_drops)
    out.push_back(count_check(
        "receive_drops", *facts.receive_drops,
        facts.has_slow_readers ? Verdict::suspect : Verdict::invalid,
        "packets were dropped from full receive queues: give the load generator more workers"));
  if (facts.backlog_drops)
    out.push_back(count_check("backlog_drops", *facts.backlog_drops, Verdict::invalid,
                              "packets were dropped before any socket had them: raise "
                              "net.core.netdev_max_backlog, or lower the clients or the rate"));
}

}  // namespace

std::string_view name_of(Verdict verdict) {
  return verdict == Verdict::ok ? "ok" : verdict == Verdict::suspect ? "suspect" : "invalid";
}

std::vector<SelfCheck> check_self(SelfFacts const& facts) {
  std::vector<SelfCheck> out;
  out.push_back(send_rate_check(facts.send_rate));
  if (facts.lag_p99_ns)
    out.push_back(delay_check("lag", *facts.lag_p99_ns, facts.latency_p50_ns, 0.5, "Events left"));
  if (facts.recovery_lag_ns && facts.recovery_ns)
    out.push_back(recovery_check(*facts.recovery_lag_ns, *facts.recovery_ns));
  if (facts.loop_delay_p99_ns)
    out.push_back(delay_check("loop_delay", *facts.loop_delay_p99_ns, facts.latency_p50_ns, 0.3,
                              "The load generator's loop came"));
  out.push_back(share_check("cpu", facts.cpu_share, cpu_limits,
                            "The load generator used its core to",
                            "lower the clients or the rate, or give it more workers"));
  if (facts.wait_share)
    out.push_back(share_check("run_queue_wait", *facts.wait_share, wait_limits,
                              "The load generator waited for a core for",
                              "stop what else runs on this machine, or leave it a core"));
  check_machine(facts, out);
  out.push_back(count_check("descriptors_or_ports", facts.exhausted, Verdict::invalid,
                            "connects failed for want of a descriptor or a port: raise 'ulimit -n' "
                            "or net.ipv4.ip_local_port_range, or lower the clients"));
  return out;
}

std::vector<std::string> invalid_reasons(std::vector<SelfCheck> const& checks) {
  std::vector<std::string> reasons;
  for (auto const& check : checks) {
    if (check.verdict == Verdict::invalid) reasons.push_back(check.reason);
  }
  return reasons;
}

}  // namespace pushlab::loadgen

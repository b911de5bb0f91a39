// Whether the load generator itself was the bottleneck. Each rule has a name, a value, a limit and
// a verdict; past the limit the run is invalid, never merely slow.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pushlab::loadgen {

// Of the measured phase. What could not be looked at is nothing, and its rule is left out.
struct SelfFacts {
  double cpu_share = 0;                  // of one core, the busiest worker
  double send_rate = 1;                  // events sent in time / events planned
  std::optional<double> lag_p99_ns;      // nothing = events were never sent
  std::optional<double> latency_p50_ns;  // nothing = undelivered
  // The latest event while clients came back after a disruption, which lag_p99_ns leaves out, and
  // how long it took half of them.
  std::optional<double> recovery_lag_ns, recovery_ns;
  // How much later than due the loop's own timers fire. Not the time until the last descriptor of
  // an epoll batch: in a fan-out that batch is as long as the server made it.
  std::optional<double> loop_delay_p99_ns;
  std::optional<double> wait_share;      // ready to run but without a core, the worst worker
  std::optional<double> steal_share;     // of the machine's time, taken by its host
  std::optional<double> pressure_share;  // of the time, in which anybody waited for a core
  std::optional<std::uint64_t> listen_overflows;  // of the whole machine
  std::optional<std::uint64_t> receive_drops;
  std::optional<std::uint64_t> backlog_drops;  // of the whole machine
  std::uint64_t exhausted = 0;  // connects that failed for want of a descriptor or a port
  bool has_slow_readers = false;
};

enum class Verdict : std::uint8_t { ok, suspect, invalid };

std::string_view name_of(Verdict verdict);

struct SelfCheck {
  std::string_view check;
  double value = 0;
  double limit = 0;  // past it the run is invalid, or suspect where the rule knows no worse
  std::string_view unit;
  Verdict verdict = Verdict::ok;
  std::string reason;  // a sentence for the user when the verdict is invalid
};

// The limit of a lag or loop delay, whatever the latency: less than this disturbs nobody.
constexpr double negligible_lag_ns = 5e5;

std::vector<SelfCheck> check_self(SelfFacts const& facts);

std::vector<std::string> invalid_reasons(std::vector<SelfCheck> const& checks);

}  // namespace pushlab::loadgen

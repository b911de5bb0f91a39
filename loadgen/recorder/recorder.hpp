// Takes every delivery of one worker and keeps what the result needs of it.
//
// Deliveries of the warm-up are checked but not recorded. Thread: the loop's.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "loadgen/recorder/delivery_check.hpp"
#include "loadgen/recorder/event_log.hpp"
#include "loadgen/recorder/histogram.hpp"
#include "loadgen/recorder/recovery.hpp"

namespace pushlab::loadgen {

// One event over this worker's clients, in ns from its intended time; -1 = not that far delivered.
struct EventTrace {
  std::uint64_t delivered = 0;
  std::int64_t first_ns = -1;
  std::int64_t p50_ns = -1;
  std::int64_t p90_ns = -1;
  std::int64_t last_ns = -1;
  std::vector<std::int64_t>
      samples;  // ascending; only when several workers' traces are to be merged
};

struct DeliveryCounts {
  std::uint64_t delivered = 0;  // of the whole run
  std::uint64_t measured = 0;   // of measured events
  std::uint64_t duplicates = 0;
  std::uint64_t out_of_order = 0;
  std::uint64_t unentitled = 0;
  std::uint64_t malformed = 0;
};

class Recorder {
 public:
  Recorder(EventLog const& log, DeliveryCheck& check, bool keep_samples);

  Recovery& recovery() { return recovery_; }
  Recovery const& recovery() const { return recovery_; }

  // The measured phase in CLOCK_MONOTONIC ns; events intended outside it are not recorded.
  void set_measured(std::int64_t begin_ns, std::int64_t end_ns);

  void end_measured(std::int64_t end_ns);  // earlier than planned: nothing is stale after it

  void delivered(std::uint64_t client, std::uint32_t event, std::int64_t now_ns);

  // False: another run's leftover in the server's history.
  bool is_sent(std::uint32_t event) const {
    return event < log_.size() && log_[event].sent.load(std::memory_order_relaxed) != 0;
  }
  void saw_malformed() { ++counts_.malformed; }

  // A snapshot shows `event`, the newest of its name: all earlier events of the name count as seen.
  // True when that is news to the client.
  bool shown(std::uint64_t client, std::uint32_t event, std::int64_t now_ns);

  // Time within the measured phase in which a (client, name) lacked an event that was meant to be
  // out, summed over all pairs. What is still missing counts to the end of the phase.
  double stale_ns() const;

  // Called when all clients of this worker have the event: what a closed loop waits for.
  void when_complete(std::function<void(std::uint32_t event)> then) { complete_ = std::move(then); }

  DeliveryCounts const& counts() const { return counts_; }
  Histogram const& latency() const { return latency_; }
  Histogram const& latency_from_send() const { return latency_from_send_; }
  std::vector<Histogram> const& seconds() const {
    return seconds_;
  }  // by second of the intended time
  std::deque<EventTrace> const& traces() const { return traces_; }  // by event, may end early

 private:
  void record(std::uint32_t event, std::uint32_t count, std::int64_t now_ns);
  std::int64_t stale_from(std::int64_t intended_ns, std::int64_t stale_until_ns) const;

  EventLog const& log_;
  DeliveryCheck& check_;
  Recovery recovery_;
  bool keep_samples_;
  std::int64_t begin_ns_ = 0;
  std::int64_t end_ns_ = 0;
  std::int64_t stale_end_ns_ = 0;
  double stale_ns_ = 0;  // of the stale times that have ended
  DeliveryCounts counts_;
  Histogram latency_;
  Histogram latency_from_send_;
  std::vector<Histogram> seconds_;
  std::deque<EventTrace> traces_;
  std::function<void(std::uint32_t)> complete_;
};

// The rank, from 1, of a quantile among `count` values: ceil(percent * count / 100).
constexpr std::uint64_t rank_of(unsigned percent, std::uint64_t count) {
  return (percent * count + 99) / 100;
}

}  // namespace pushlab::loadgen

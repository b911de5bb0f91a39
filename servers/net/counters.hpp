#pragma once
#include <array>
#include <atomic>
#include <cstdint>

#include "servers/net/delay_histogram.hpp"
#include "servers/net/end_reason.hpp"

namespace pushlab::server {

// Written by one thread, read by any: no locked instruction on the writer's side.
class Counter {
 public:
  void add(std::uint64_t n) {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// Requests that were not let in, by the status they got.
class RefusalCounters {
 public:
  static constexpr std::array statuses{401, 403, 404, 429, 503};

  void add(int status) {
    for (std::size_t i = 0; i < statuses.size(); ++i)
      if (statuses[i] == status) counters_[i].add(1);
  }
  std::uint64_t value(std::size_t i) const { return counters_[i].value(); }

 private:
  std::array<Counter, statuses.size()> counters_;
};

// What one loop did so far.
struct Counters {
  Counter accepted;
  std::array<Counter, end_reason_names.size()> ended;  // by EndReason
  Counter requests;
  Counter deliveries;       // events handed to a connection, sent or queued
  Counter delivered_bytes;  // of those
  Counter queued_writes;    // deliveries that met a full socket
  Counter conflated;        // of the deliveries, left out for a newer one of the same resource
  Counter heartbeats;
  Counter replayed;  // events sent again to a client that resumed
  Counter resets;
  RefusalCounters refused;
  DelayHistogram revocation_pushed, revocation_rechecked;  // by how it was learnt

  std::uint64_t open() const {
    auto open = accepted.value();
    for (auto const& reason : ended) open -= reason.value();
    return open;
  }
};

}  // namespace pushlab::server

// What the conductor and its workers tell each other, in shared memory: the workers may be
// processes.
//
// The conductor writes the commands, each worker its own line; everybody reads. Read about fifty
// times a second.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "loadgen/load.hpp"

namespace pushlab::loadgen {

struct alignas(64) WorkerLine {
  std::atomic<std::uint64_t> connected;
  std::atomic<std::uint64_t> connect_failures;
  std::atomic<std::uint64_t> delivered;
  std::atomic<std::uint64_t> measured;     // deliveries of measured events
  std::atomic<std::uint64_t> events_sent;  // worker 0 only
  std::atomic<bool> publisher_ready;       // worker 0 only: the ingest takes connections
  std::atomic<bool> ingest_refused;        // worker 0 only
  std::atomic<bool> all_events_out;        // worker 0 only: as many as LoadPlan::events says
  std::atomic<bool> in_trouble;            // trouble holds a sentence, written once
  std::array<char, 240> trouble;

  void tell_trouble(std::string_view why) {
    if (in_trouble.load(std::memory_order_relaxed)) return;
    why.substr(0, trouble.size() - 1).copy(trouble.data(), trouble.size() - 1);
    in_trouble.store(true, std::memory_order_release);
  }
};

struct Board {
  static constexpr unsigned most_workers = 64;

  std::atomic<std::int64_t> start_ns;        // of the warm-up, 0 = not yet known
  std::atomic<std::int64_t> measure_end_ns;  // the end of measuring; moves forward when interrupted
  std::atomic<bool> stop;
  std::array<WorkerLine, most_workers> workers;

  std::uint64_t sum(std::atomic<std::uint64_t> WorkerLine::* member) const {
    std::uint64_t total = 0;
    for (auto const& line : workers) total += (line.*member).load(std::memory_order_relaxed);
    return total;
  }

  // The first trouble that a worker told, or "".
  std::string trouble() const {
    for (auto const& line : workers) {
      if (line.in_trouble.load(std::memory_order_acquire)) return line.trouble.data();
    }
    return {};
  }
};

}  // namespace pushlab::loadgen

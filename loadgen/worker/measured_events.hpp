// Which events belong to the measured phase.
#pragma once

#include <cstdint>

#include "loadgen/recorder/event_log.hpp"
#include "loadgen/worker/board.hpp"
#include "loadgen/worker/conductor.hpp"

namespace pushlab::loadgen {

// Calls each(event) for every event intended in the measured phase, sent or not, in order.
template <class Each>
void for_each_measured_event(LoadScript const& script, Board const& board, EventLog const& log,
                             Each&& each) {
  auto const start = board.start_ns.load(std::memory_order_acquire);
  if (start == 0) return;
  auto const begin = start + script.arrivals.measure_begin_ns;
  auto const end = board.measure_end_ns.load(std::memory_order_relaxed);
  for (std::uint32_t event = 0; event < log.size(); ++event) {
    auto const intended = log[event].intended.load(std::memory_order_relaxed);
    if (intended == 0 || intended >= end) return;
    if (intended >= begin) each(event);
  }
}

}  // namespace pushlab::loadgen

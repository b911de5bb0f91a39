// The intended time of every event, compiled before the run: same plan and seed, same schedule to
// the nanosecond.
#pragma once

#include <cstdint>
#include <vector>

#include "loadgen/load_plan.hpp"

namespace pushlab::loadgen {

// The part of the run an event belongs to. Only measure is recorded.
enum class EventPhase : std::uint8_t { warm_up, measure };

struct ArrivalPlan {
  std::vector<std::int64_t>
      intended_ns;  // ascending, since the start of the warm-up; empty in lockstep
  std::int64_t measure_begin_ns = 0;
  std::int64_t measure_end_ns = 0;

  EventPhase phase_of(std::int64_t intended) const {
    return intended < measure_begin_ns ? EventPhase::warm_up : EventPhase::measure;
  }
};

ArrivalPlan compile_arrivals(LoadPlan const& plan);

}  // namespace pushlab::loadgen

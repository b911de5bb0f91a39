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
  std::uint32_t names = 1;
  std::vector<std::uint32_t> name;   // by event; empty: event i carries the name i % names
  std::vector<std::uint32_t> bytes;  // by event; empty: all have the plan's size

  std::uint32_t name_of(std::uint32_t event) const {
    return name.empty() ? event % names : name[event];
  }

  EventPhase phase_of(std::int64_t intended) const {
    return intended < measure_begin_ns ? EventPhase::warm_up : EventPhase::measure;
  }
};

// Irregular events are a Poisson process with two states (MMPP-2): quiet and busy times follow one
// another, 30/32 and 2/32 of a cycle on average, exponentially distributed; busy is a hundred times
// as fast as quiet, and both together have the plan's rate in the long run.
struct RateState {
  std::int64_t end_ns;
  double rate;  // events per second
};
std::vector<RateState> irregular_states(LoadPlan const& plan, std::int64_t end_ns);

ArrivalPlan compile_arrivals(LoadPlan const& plan);

}  // namespace pushlab::loadgen

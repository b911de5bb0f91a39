#include "loadgen/schedule/arrival_plan.hpp"

#include <cmath>

#include "loadgen/loop/clock.hpp"
#include "loadgen/schedule/random.hpp"

namespace pushlab::loadgen {

namespace {

// Each time is computed from its index, not from the one before: rounding does not add up.
void add_fixed(LoadPlan const& plan, ArrivalPlan& out) {
  for (std::uint64_t i = 0;; ++i) {
    auto const at = std::llround((static_cast<double>(i) + 0.5) * 1e9 / plan.rate);
    if (at >= out.measure_end_ns) return;
    out.intended_ns.push_back(at);
  }
}

// Sums the gaps in whole nanoseconds, so that the schedule does not depend on how doubles add up.
void add_poisson(LoadPlan const& plan, ArrivalPlan& out) {
  std::int64_t at = 0;
  for (std::uint64_t i = 0;; ++i) {
    at += std::llround(random_exponential(plan.seed, Stream::arrivals, i) * 1e9 / plan.rate);
    if (at >= out.measure_end_ns) return;
    out.intended_ns.push_back(at);
  }
}

// Groups of burst_size events at one instant; the groups come at the mean rate, evenly.
void add_bursts(LoadPlan const& plan, ArrivalPlan& out) {
  auto const group_gap_ns = 1e9 * plan.burst_size / plan.rate;
  for (std::uint64_t group = 0;; ++group) {
    auto const at = std::llround((static_cast<double>(group) + 0.5) * group_gap_ns);
    if (at >= out.measure_end_ns) return;
    out.intended_ns.insert(out.intended_ns.end(), plan.burst_size, at);
  }
}

}  // namespace

ArrivalPlan compile_arrivals(LoadPlan const& plan) {
  ArrivalPlan out;
  out.measure_begin_ns = ns_from_s(plan.warmup_s);
  out.measure_end_ns = out.measure_begin_ns + ns_from_s(plan.measure_s);
  switch (plan.arrivals) {
    case Arrivals::fixed:
      add_fixed(plan, out);
      break;
    case Arrivals::poisson:
      add_poisson(plan, out);
      break;
    case Arrivals::bursts:
      add_bursts(plan, out);
      break;
    case Arrivals::lockstep:
      break;
  }
  return out;
}

}  // namespace pushlab::loadgen

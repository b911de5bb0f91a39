#include "loadgen/schedule/arrival_plan.hpp"

#include <algorithm>
#include <cmath>

#include "loadgen/loop/clock.hpp"
#include "loadgen/schedule/random.hpp"
#include "loadgen/schedule/trace.hpp"

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

// The crowd is there at once and leaves exponentially. Candidates come at the peak's rate and are
// thinned out (Lewis and Shedler, 1979).
void add_flash(LoadPlan const& plan, ArrivalPlan& out) {
  auto const peak = plan.rate * plan.flash_factor;
  auto const flash_at_ns = out.measure_begin_ns + ns_from_s(plan.flash_at_s);
  std::int64_t at = 0;
  for (std::uint64_t i = 0;; ++i) {
    at += std::llround(random_exponential(plan.seed, Stream::arrivals, i) * 1e9 / peak);
    if (at >= out.measure_end_ns) return;
    auto const since_s = static_cast<double>(at - flash_at_ns) / 1e9;
    auto const crowd =
        since_s < 0 ? 0 : (plan.flash_factor - 1) * std::exp(-since_s / plan.flash_s);
    if (random_unit(plan.seed, Stream::thinning, i) * plan.flash_factor < 1 + crowd)
      out.intended_ns.push_back(at);
  }
}

// Poisson at the rate of the state: what is left of a gap when the state ends goes on at the new
// rate.
void add_irregular(LoadPlan const& plan, ArrivalPlan& out) {
  auto const states = irregular_states(plan, out.measure_end_ns);
  auto state = states.begin();
  double at = 0;
  for (std::uint64_t i = 0;; ++i) {
    auto events = random_exponential(plan.seed, Stream::arrivals, i);
    while (at + events * 1e9 / state->rate > static_cast<double>(state->end_ns)) {
      events -= (static_cast<double>(state->end_ns) - at) / 1e9 * state->rate;
      at = static_cast<double>(state->end_ns);
      if (++state == states.end()) return;
    }
    at += events * 1e9 / state->rate;
    if (std::llround(at) >= out.measure_end_ns) return;
    out.intended_ns.push_back(std::llround(at));
  }
}

// Both sides draw the same order and the same pause for a pair, so what one instant of the machine
// does to one event is not tied to a side. The pause keeps pairs out of step with periodic work.
void add_paired(LoadPlan const& plan, ArrivalPlan& out) {
  auto const half_ns = 0.5e9 / plan.rate;
  for (std::uint64_t pair = 0;; ++pair) {
    auto const second = (random_bits(plan.seed, Stream::pair_order, pair) & 1) ^ plan.pair_side;
    auto const pause = random_unit(plan.seed, Stream::pair_pause, pair) / 2;
    auto const at = std::llround(
        (2 * static_cast<double>(pair) + static_cast<double>(second) + pause) * half_ns);
    if (at >= out.measure_end_ns) return;
    out.intended_ns.push_back(at);
  }
}

// In either phase round and round, so that both sides have the same events and the busy times of
// one lie in quiet times of the other.
void add_paired_irregular(LoadPlan const& plan, ArrivalPlan& out) {
  add_irregular(plan, out);
  if (plan.pair_side == 0) return;
  for (auto& at : out.intended_ns) {
    auto const measured = out.phase_of(at) == EventPhase::measure;
    auto const begin = measured ? out.measure_begin_ns : 0;
    auto const end = measured ? out.measure_end_ns : out.measure_begin_ns;
    // At most half a phase: a whole one would be no shift at all.
    auto const shift = std::min(ns_from_s(plan.irregular_cycle_s / 2), (end - begin) / 2);
    at = begin + (at - begin + shift) % (end - begin);
  }
  std::ranges::sort(out.intended_ns);
}

// Over and over until the run is full. Where a line names nothing, the event's number decides.
void add_trace(LoadPlan const& plan, ArrivalPlan& out) {
  auto const trace = read_trace(plan.trace, plan);
  for (std::uint64_t i = 0;; ++i) {
    auto const& line = trace.lines[i % trace.lines.size()];
    auto const round = static_cast<double>(i / trace.lines.size());
    auto const at = std::llround((round * trace.period_s + line.at_s) * 1e9 / plan.trace_speed);
    if (at >= out.measure_end_ns) return;
    out.intended_ns.push_back(at);
    out.name.push_back(line.name.value_or(static_cast<std::uint32_t>(i % plan.names)));
    out.bytes.push_back(line.bytes.value_or(plan.payload_bytes));
  }
}

}  // namespace

std::vector<RateState> irregular_states(LoadPlan const& plan, std::int64_t end_ns) {
  constexpr double quiet_share = 30.0 / 32;
  constexpr double busy_share = 1 - quiet_share;
  constexpr double contrast = 100;
  auto const quiet_rate = plan.rate / (quiet_share + contrast * busy_share);
  std::vector<RateState> states;
  auto busy = random_unit(plan.seed, Stream::states, 0) < busy_share;
  std::int64_t at = 0;
  for (std::uint64_t i = 1; at < end_ns; ++i, busy = !busy) {
    auto const mean_s = plan.irregular_cycle_s * (busy ? busy_share : quiet_share);
    at += std::llround(random_exponential(plan.seed, Stream::states, i) * mean_s * 1e9);
    states.push_back({at, busy ? contrast * quiet_rate : quiet_rate});
  }
  return states;
}

ArrivalPlan compile_arrivals(LoadPlan const& plan) {
  ArrivalPlan out;
  out.names = plan.names;
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
    case Arrivals::irregular:
      add_irregular(plan, out);
      break;
    case Arrivals::flash:
      add_flash(plan, out);
      break;
    case Arrivals::trace:
      add_trace(plan, out);
      break;
    case Arrivals::lockstep:
      break;
    case Arrivals::paired:
      add_paired(plan, out);
      break;
    case Arrivals::paired_irregular:
      add_paired_irregular(plan, out);
      break;
  }
  return out;
}

}  // namespace pushlab::loadgen

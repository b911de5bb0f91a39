#pragma once
// One target's figure divided by another's, draw by draw.

#include <cstddef>
#include <optional>

#include "results/metric.hpp"
#include "results/target_figures.hpp"

namespace pushlab::results {

struct Ratio {
  double value;
  std::optional<Interval> range;   // of the level asked for, 95 %
  std::optional<Interval> narrow;  // 90 %: inside the bounds = both one-sided tests at 5 % passed
  std::optional<double> p;         // how likely so large a difference is when there is none
};

// How many repetitions a ratio rests on. Of targets with as many each: so many, because they are
// paired. Else those that belong to the degrees of freedom by Welch and Satterthwaite: a target
// with two repetitions that hardly differ does not make a ratio as vague as two repetitions are.
std::size_t joint_repetitions(Figure const& above, std::size_t of_above, Figure const& below,
                              std::size_t of_below);

// Targets with as many repetitions and events were resampled by the same draws, so what a block did
// to both cancels out. None when one has no finite value, or the one below is 0.
// `level` is that of `range`; `narrow` leaves out twice as much.
std::optional<Ratio> paired_ratio(Figure const& above, Figure const& below, std::size_t repetitions,
                                  double level = 0.95);

struct Bounds {
  double lo, hi;
  int percent;
};

// Within these a ratio is no difference: 0.9 to 1.1; far out in the tail, where a figure rests on
// few events, 0.8 to 1.25.
Bounds equal_bounds(Metric const& metric);
bool proven_equal(Ratio const& ratio, Metric const& metric);

}  // namespace pushlab::results

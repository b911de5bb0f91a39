#include "results/sample.hpp"

#include <algorithm>
#include <limits>

namespace pushlab::results {

void Sample::add(double value, double weight, std::uint32_t unit) {
  if (weight <= 0) return;
  if (unit >= unit_weight_.size()) unit_weight_.resize(unit + 1);
  unit_weight_[unit] += weight;
  points_.push_back({value, weight, unit});
}

void Sample::seal() {
  std::ranges::sort(points_, {}, &Point::value);
}

std::vector<double> Sample::quantiles(std::span<double const> qs,
                                      std::span<std::uint32_t const> multiplicity) const {
  std::vector<double> values(qs.size(), std::numeric_limits<double>::quiet_NaN());
  double total = 0;
  for (std::size_t unit = 0; unit < unit_weight_.size(); ++unit) {
    total += unit_weight_[unit] * multiplicity[unit];
  }
  std::size_t next = 0;
  double seen = 0;
  for (Point const& point : points_) {
    if (multiplicity[point.unit] == 0) continue;
    seen += point.weight * multiplicity[point.unit];
    // The slack absorbs rounding: weights are fractions, and the last point must reach q = 1.
    while (next < qs.size() && seen >= qs[next] * total * (1 - 1e-12)) values[next++] = point.value;
    if (next == qs.size()) break;
  }
  return values;
}

}  // namespace pushlab::results

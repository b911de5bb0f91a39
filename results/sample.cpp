#include "results/sample.hpp"

#include <algorithm>
#include <limits>

namespace pushlab::results {

void Sample::add(double value, double weight, std::uint32_t unit) {
  if (weight <= 0) return;
  if (unit >= unit_weight_.size()) {
    unit_weight_.resize(unit + 1);
    unit_sum_.resize(unit + 1);
  }
  unit_weight_[unit] += weight;
  unit_sum_[unit] += weight * value;
  points_.push_back({value, weight, unit});
}

void Sample::seal() {
  std::ranges::sort(points_, {}, &Point::value);
}

// The bootstrap spends its time here, so the loop is plain: a debug build runs it thousands of
// times too.
std::vector<double> Sample::quantiles(std::span<double const> qs,
                                      std::span<std::uint32_t const> multiplicity) const {
  std::vector<double> values(qs.size(), std::numeric_limits<double>::quiet_NaN());
  std::uint32_t const* const times = multiplicity.data();
  double total = 0;
  for (std::size_t unit = 0; unit < unit_weight_.size(); ++unit)
    total += unit_weight_[unit] * times[unit];
  if (total <= 0) return values;
  std::size_t next = 0;
  double seen = 0;
  // The slack absorbs rounding: weights are fractions, and the last point must reach q = 1.
  double wanted = qs[0] * total * (1 - 1e-12);
  Point const* const end = points_.data() + points_.size();
  for (Point const* point = points_.data(); point != end; ++point) {
    if (times[point->unit] == 0) continue;
    seen += point->weight * times[point->unit];
    while (seen >= wanted) {
      values[next++] = point->value;
      if (next == qs.size()) return values;
      wanted = qs[next] * total * (1 - 1e-12);
    }
  }
  return values;
}

double Sample::mean(std::span<std::uint32_t const> multiplicity) const {
  double sum = 0;
  double weight = 0;
  for (std::size_t unit = 0; unit < unit_weight_.size(); ++unit) {
    if (multiplicity[unit] == 0) continue;  // 0 * infinity is not 0
    sum += unit_sum_[unit] * multiplicity[unit];
    weight += unit_weight_[unit] * multiplicity[unit];
  }
  return weight > 0 ? sum / weight : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace pushlab::results

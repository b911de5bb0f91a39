#include "results/ratio.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace pushlab::results {

namespace {

constexpr double tail = 0.99;

std::vector<double> ratios(std::vector<double> const& above, std::vector<double> const& below) {
  std::size_t const count = std::min(above.size(), below.size());
  std::vector<double> result(count);
  for (std::size_t i = 0; i < count; ++i) {
    bool const defined = below[i] > 0 && std::isfinite(below[i]);
    result[i] = defined ? above[i] / below[i] : std::numeric_limits<double>::quiet_NaN();
  }
  return result;
}

}  // namespace

std::optional<Ratio> paired_ratio(Figure const& above, Figure const& below,
                                  std::size_t repetitions) {
  if (!std::isfinite(above.value) || !std::isfinite(below.value) || below.value <= 0)
    return std::nullopt;
  double const value = above.value / below.value;
  Replicates const replicates{ratios(above.replicates.both, below.replicates.both),
                              ratios(above.replicates.events, below.replicates.events)};
  return Ratio{value, interval(value, replicates, repetitions),
               interval(value, replicates, repetitions, 0.90),
               chance_of_ratio(value, replicates, repetitions)};
}

Bounds equal_bounds(Metric const& metric) {
  bool const in_tail = metric.source == Source::pooled || metric.source == Source::connections
                           ? metric.q >= tail
                           : false;
  return in_tail ? Bounds{0.8, 1.25, 25} : Bounds{0.9, 1.1, 10};
}

bool proven_equal(Ratio const& ratio, Metric const& metric) {
  auto const bounds = equal_bounds(metric);
  return ratio.narrow && ratio.narrow->lo >= bounds.lo && ratio.narrow->hi <= bounds.hi;
}

}  // namespace pushlab::results

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

// Of the logarithm, of a mean over `repetitions`.
double uncertainty(Figure const& figure, std::size_t repetitions) {
  double sum = 0, squares = 0, count = 0;
  for (double const value : figure.replicates.both) {
    if (!(value > 0) || !std::isfinite(value)) continue;
    double const logarithm = std::log(value / figure.value);
    sum += logarithm;
    squares += logarithm * logarithm;
    ++count;
  }
  if (count < 2) return 0;
  auto const n = static_cast<double>(repetitions);
  return std::max(0.0, squares / count - (sum / count) * (sum / count)) * n / (n - 1);
}

}  // namespace

std::size_t joint_repetitions(Figure const& above, std::size_t of_above, Figure const& below,
                              std::size_t of_below) {
  auto const fewer = std::min(of_above, of_below);
  auto const usable = [](double value) { return value > 0 && std::isfinite(value); };
  if (of_above == of_below || fewer < 2 || !usable(above.value) || !usable(below.value))
    return fewer;
  double const a = uncertainty(above, of_above);
  double const b = uncertainty(below, of_below);
  double const parts =
      a * a / static_cast<double>(of_above - 1) + b * b / static_cast<double>(of_below - 1);
  if (parts <= 0) return fewer;
  double const degrees = (a + b) * (a + b) / parts;
  return std::max(fewer, static_cast<std::size_t>(degrees + 1));
}

std::optional<Ratio> paired_ratio(Figure const& above, Figure const& below, std::size_t repetitions,
                                  double level) {
  if (!std::isfinite(above.value) || !std::isfinite(below.value) || below.value <= 0)
    return std::nullopt;
  double const value = above.value / below.value;
  Replicates const replicates{ratios(above.replicates.both, below.replicates.both),
                              ratios(above.replicates.events, below.replicates.events)};
  return Ratio{value, interval(value, replicates, repetitions, level),
               interval(value, replicates, repetitions, 2 * level - 1),
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

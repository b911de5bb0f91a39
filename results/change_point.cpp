#include "results/change_point.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "results/student_t.hpp"

namespace pushlab::results {

namespace {

using Values = std::span<double const>;

// How much more the search accepts than the end: a step up and down again is found as two.
constexpr double weak = 10;

double mean(Values values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double square_deviations(Values values) {
  double const middle = mean(values);
  return std::accumulate(values.begin(), values.end(), 0.0, [middle](double sum, double value) {
    return sum + (value - middle) * (value - middle);
  });
}

double distances(Values left, Values right) {
  double sum = 0;
  for (double a : left) {
    for (double b : right) sum += std::abs(a - b);
  }
  return sum;
}

// The mean distance of two different values; `distances` counts each pair twice.
double distance_within(Values values) {
  auto const n = static_cast<double>(values.size());
  return distances(values, values) / (n * (n - 1));
}

double energy(Values left, Values right) {
  auto const m = static_cast<double>(left.size());
  auto const n = static_cast<double>(right.size());
  return m * n / (m + n) *
         (2 * distances(left, right) / (m * n) - distance_within(left) - distance_within(right));
}

double p_of(Values left, Values right) {
  auto const m = static_cast<double>(left.size());
  auto const n = static_cast<double>(right.size());
  double const difference = mean(right) - mean(left);
  double const variance =
      (square_deviations(left) + square_deviations(right)) / (m + n - 2) * (1 / m + 1 / n);
  if (variance > 0) return beyond_t(difference / std::sqrt(variance), m + n - 2);
  return difference == 0 ? 1 : 0;
}

ChangePoint judged(Values series, std::size_t first, std::size_t index, std::size_t last) {
  Values const left = series.subspan(first, index - first);
  Values const right = series.subspan(index, last - index);
  double const before = mean(left);
  double const after = mean(right);
  double const change = before != 0 ? (after - before) / std::abs(before)
                        : after == 0
                            ? 0
                            : std::copysign(std::numeric_limits<double>::infinity(), after);
  return {index, before, after, change, p_of(left, right)};
}

void split(Values series, std::size_t first, std::size_t last, ChangeRule const& rule,
           std::vector<std::size_t>& found) {
  std::size_t best = 0;
  double largest = 0;
  for (std::size_t at = first + rule.min_segment; at + rule.min_segment <= last; ++at) {
    double const here = energy(series.subspan(first, at - first), series.subspan(at, last - at));
    if (here > largest) {
      largest = here;
      best = at;
    }
  }
  if (best == 0 || judged(series, first, best, last).p > weak * rule.max_p) return;
  split(series, first, best, rule, found);
  found.push_back(best);
  split(series, best, last, rule, found);
}

std::vector<std::size_t> candidates(Values series, ChangeRule const& rule) {
  std::vector<std::size_t> found;
  for (std::size_t start = 0; start < series.size();) {
    split(series, start, std::min(start + rule.window, series.size()), rule, found);
    start = std::max(start + rule.window / 2, found.empty() ? 0 : found.back());
  }
  return found;
}

std::vector<ChangePoint> judge(Values series, std::vector<std::size_t> const& places) {
  std::vector<ChangePoint> points;
  for (std::size_t i = 0; i < places.size(); ++i) {
    points.push_back(judged(series, i == 0 ? 0 : places[i - 1], places[i],
                            i + 1 == places.size() ? series.size() : places[i + 1]));
  }
  return points;
}

}  // namespace

std::vector<ChangePoint> change_points(Values series, ChangeRule const& rule) {
  auto places = candidates(series, rule);
  for (;;) {
    auto points = judge(series, places);
    if (points.empty()) return points;
    auto weakest = std::ranges::max_element(points, {}, &ChangePoint::p);
    if (weakest->p <= rule.max_p) {
      auto const size = [](ChangePoint const& point) { return std::abs(point.change); };
      weakest = std::ranges::min_element(points, {}, size);
      if (size(*weakest) >= rule.min_change) return points;
    }
    places.erase(places.begin() + (weakest - points.begin()));
  }
}

}  // namespace pushlab::results

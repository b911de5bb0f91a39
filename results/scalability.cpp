#include "results/scalability.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <set>

namespace pushlab::results {

namespace json = boost::json;

namespace {

constexpr std::uint64_t bootstrap_seed = 20261124;
constexpr std::size_t replicate_count = 2000;
constexpr double farthest = 4;  // times the largest measured n
constexpr double far = 2;

using Terms = std::array<double, 3>;

Terms terms(double n) {
  return {1, n - 1, n * (n - 1)};
}

// n / x of a capacity, whose weight is one over its variance.
struct Reciprocal {
  Terms terms;
  double y, weight;
};

// The least squares with the terms of `used` alone, by Gaussian elimination; nothing when the
// points do not determine them.
std::optional<Terms> solved(std::span<Reciprocal const> points, std::span<int const> used) {
  std::array<std::array<double, 4>, 3> m{};
  auto const size = used.size();
  for (auto const& point : points) {
    for (std::size_t i = 0; i < size; ++i) {
      auto const ti = point.terms[static_cast<std::size_t>(used[i])] * point.weight;
      for (std::size_t j = 0; j < size; ++j)
        m[i][j] += ti * point.terms[static_cast<std::size_t>(used[j])];
      m[i][3] += ti * point.y;
    }
  }
  for (std::size_t k = 0; k < size; ++k) {
    double const diagonal = m[k][k];
    if (!(diagonal > 0)) return std::nullopt;
    for (auto& value : m[k]) value /= diagonal;
    for (std::size_t i = 0; i < size; ++i) {
      double const factor = m[i][k];
      if (i == k || factor == 0) continue;
      for (std::size_t j = 0; j < 4; ++j) m[i][j] -= factor * m[k][j];
    }
  }
  Terms result{};
  for (std::size_t i = 0; i < size; ++i) {
    if (!std::isfinite(m[i][3])) return std::nullopt;
    result[static_cast<std::size_t>(used[i])] = m[i][3];
  }
  return result;
}

double squares(std::span<Reciprocal const> points, Terms const& terms) {
  double sum = 0;
  for (auto const& point : points) {
    double y = 0;
    for (std::size_t i = 0; i < terms.size(); ++i) y += terms[i] * point.terms[i];
    sum += point.weight * (y - point.y) * (y - point.y);
  }
  return sum;
}

Parameter percentiles(double value, std::vector<double> drawn) {
  std::ranges::sort(drawn);
  auto const end = [&](double q) {
    return drawn[static_cast<std::size_t>(q * static_cast<double>(drawn.size() - 1) + 0.5)];
  };
  return {value, end(0.025), end(0.975)};
}

}  // namespace

double Scalability::Curve::at(double n) const {
  return gamma * n / (1 + alpha * (n - 1) + beta * n * (n - 1));
}

// The best of the solutions in which some terms are 0 and no other is negative.
Scalability::Curve Scalability::fitted(std::span<CapacityPoint const> points, bool with_beta) {
  std::vector<Reciprocal> reciprocals;
  for (auto const& [n, x, sd] : points) {
    double const deviation = n * sd / (x * x);
    reciprocals.push_back({terms(n), n / x, 1 / (deviation * deviation)});
  }
  static std::vector<std::vector<int>> const choices{{0}, {0, 1}, {0, 2}, {0, 1, 2}};
  double least = std::numeric_limits<double>::infinity();
  Terms best{};
  for (auto const& used : choices) {
    if (used.back() == 2 && !with_beta) continue;
    auto const found = solved(reciprocals, used);
    if (!found || std::ranges::any_of(*found, [](double term) { return term < 0; })) continue;
    if (double const sum = squares(reciprocals, *found); sum < least) {
      least = sum;
      best = *found;
    }
  }
  return {1 / best[0], best[1] / best[0], best[2] / best[0]};
}

// How much more the points scatter about the curve than they should.
double Scalability::stretch(bool with_beta) const {
  auto const parameters = with_beta ? 3U : 2U;
  if (points_.size() <= parameters) return 1;
  double sum = 0;
  for (auto const& [n, x, sd] : points_) sum += std::pow((x - curve_.at(n)) / sd, 2);
  return std::sqrt(std::max(1.0, sum / static_cast<double>(points_.size() - parameters)));
}

void Scalability::fit(bool with_beta) {
  curve_ = fitted(points_, with_beta);
  double const wider = stretch(with_beta);
  std::mt19937_64 random(bootstrap_seed);
  std::normal_distribution<double> normal;
  replicates_.clear();
  auto drawn = points_;
  for (std::size_t i = 0; i < replicate_count; ++i) {
    for (std::size_t p = 0; p < points_.size(); ++p)
      drawn[p].x =
          std::max(points_[p].x + wider * points_[p].sd * normal(random), points_[p].x / 10);
    replicates_.push_back(fitted(drawn, with_beta));
  }
}

Scalability::Scalability(std::vector<CapacityPoint> points) : points_(std::move(points)) {
  std::erase_if(points_, [](auto const& p) { return !(p.n > 0 && p.x > 0 && p.sd > 0); });
  std::set<double> counts;
  for (auto const& point : points_) counts.insert(point.n);
  if (!counts.empty()) largest_ = *counts.rbegin();
  if (counts.size() < 3) {
    sentence_ = fmt::format(
        "The data do not identify a curve: capacities of {} thread count{} were found, and at "
        "least 3 are needed.",
        counts.size(), counts.size() == 1 ? "" : "s");
    return;
  }
  model_ = Model::universal;
  fit(true);
  if (beta().lo > 0) return;
  model_ = Model::amdahl;
  sentence_ =
      "These cores cannot identify beta: its interval includes 0, so the curve is Amdahl's law.";
  fit(false);
}

Parameter Scalability::parameter(int which) const {
  auto const of = [which](Curve const& curve) {
    return which == 0 ? curve.gamma : which == 1 ? curve.alpha : curve.beta;
  };
  if (model_ == Model::none) return {};
  std::vector<double> drawn;
  for (auto const& curve : replicates_) drawn.push_back(of(curve));
  return percentiles(of(curve_), std::move(drawn));
}

Prediction Scalability::at(double n) const {
  if (model_ == Model::none) return {{}, false, sentence_};
  if (!(n >= 1)) return {{}, false, fmt::format("There is no capacity of {} threads.", n)};
  if (n > farthest * largest_)
    return {{},
            false,
            fmt::format("No figure for {} threads: at most {} were measured, and beyond {} times "
                        "that a curve says nothing.",
                        n, largest_, farthest)};
  std::vector<double> drawn;
  for (auto const& curve : replicates_) drawn.push_back(curve.at(n));
  Prediction result{percentiles(curve_.at(n), std::move(drawn)), n > far * largest_, ""};
  if (result.uncertain)
    result.sentence =
        fmt::format("Uncertain: {} threads are more than {} times what was measured.", n, far);
  return result;
}

json::object to_json(Scalability const& scalability, std::span<double const> asked) {
  using Model = Scalability::Model;
  auto const object = [](Parameter const& p) {
    return json::object{{"value", p.value}, {"lo", p.lo}, {"hi", p.hi}};
  };
  json::object fit{{"model", nullptr}, {"sentence", scalability.sentence()}};
  if (scalability.model() != Model::none) {
    fit["model"] = scalability.model() == Model::amdahl ? "amdahl" : "universal";
    fit["gamma"] = object(scalability.gamma());
    fit["alpha"] = object(scalability.alpha());
    if (scalability.model() == Model::universal) fit["beta"] = object(scalability.beta());
  }
  json::array predictions;
  for (double const n : asked) {
    auto const prediction = scalability.at(n);
    predictions.push_back(
        {{"threads", n},
         {"capacity", prediction.capacity ? json::value(object(*prediction.capacity)) : nullptr},
         {"uncertain", prediction.uncertain},
         {"sentence", prediction.sentence}});
  }
  fit["predictions"] = std::move(predictions);
  return fit;
}

}  // namespace pushlab::results

#include "results/crossing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace pushlab::results {
namespace {

struct Found {
  double x;  // -infinite: below all points; infinite: beyond
  bool falls;
};

// `excess` is log(a / b) at each point. `falls` says what a crossing outside means: an `a` that is
// below everywhere has crossed before the first point if it falls, and will behind the last if not.
Found first_change(std::vector<double> const& x, std::vector<double> const& excess,
                   std::optional<bool> falls) {
  for (std::size_t i = 1; i < x.size(); ++i) {
    if ((excess[i - 1] > 0) == (excess[i] > 0)) continue;
    bool const down = excess[i] <= 0;
    if (falls && down != *falls) continue;
    double const share = excess[i - 1] / (excess[i - 1] - excess[i]);
    return {std::exp(std::log(x[i - 1]) + share * std::log(x[i] / x[i - 1])), down};
  }
  bool const below = excess.front() <= 0;
  constexpr double infinite = std::numeric_limits<double>::infinity();
  return {below == falls.value_or(below) ? -infinite : infinite, falls.value_or(below)};
}

// Finite, or an undelivered figure would leave nothing to interpolate.
double log_ratio(double a, double b) {
  return std::clamp(std::log(a / b), -50.0, 50.0);
}

// One draw for all points that stand for the same figure: it has one error, not one at each point.
std::vector<double> drawn_together(Curve const& curve, Dice& dice) {
  std::map<void const*, double> known;
  std::vector<double> values;
  for (auto const& point : curve) {
    auto const found = known.find(point.figure);
    double const z = found != known.end() ? found->second : dice.normal();
    if (point.figure != nullptr) known.emplace(point.figure, z);
    values.push_back(point.y.at(z));
  }
  return values;
}

std::optional<double> inside(double x) {
  return std::isfinite(x) ? std::optional(x) : std::nullopt;
}

}  // namespace

Crossing crossing(Curve const& a, Curve const& b) {
  std::vector<double> x;
  std::vector<double> excess;
  for (std::size_t i = 0; i < a.size(); ++i) {
    x.push_back(a[i].x);
    excess.push_back(log_ratio(a[i].y.value, b[i].y.value));
  }
  Found const found = first_change(x, excess, std::nullopt);
  auto const wanted = std::isfinite(found.x) ? std::optional(found.falls) : std::nullopt;
  Dice dice;
  std::vector<double> drawn;
  for (int draw = 0; draw < draws; ++draw) {
    auto const upper = drawn_together(a, dice);
    auto const lower = drawn_together(b, dice);
    for (std::size_t i = 0; i < a.size(); ++i) excess[i] = log_ratio(upper[i], lower[i]);
    drawn.push_back(first_change(x, excess, wanted).x);
  }
  std::ranges::sort(drawn);
  auto const crossed = std::ranges::count_if(drawn, [](double at) { return std::isfinite(at); });
  double const share = static_cast<double>(crossed) / draws;
  if (!std::isfinite(found.x)) return {{}, {}, {}, found.falls, share};
  return {found.x, inside(drawn[draws / 40]), inside(drawn[draws - 1 - draws / 40]), found.falls,
          share};
}

}  // namespace pushlab::results

#include "results/uncertain.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <tuple>

#include "results/read.hpp"

namespace pushlab::results {

double Dice::uniform() {
  state_ += 0x9e3779b97f4a7c15U;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
  mixed ^= mixed >> 31;
  return std::ldexp(static_cast<double>(mixed >> 11), -53);
}

double Dice::normal() {
  double const radius = std::sqrt(-2 * std::log(1 - uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

double Uncertain::at(double z) const {
  double const end = z < 0 ? lo : hi;
  if (!std::isfinite(value) || end == value) return value;
  if (!std::isfinite(end)) return end;
  if (value > 0 && end > 0) return value * std::pow(end / value, std::abs(z) / 1.96);
  return value + (end - value) * std::abs(z) / 1.96;
}

std::optional<Uncertain> in_proportion(Uncertain const& a, Uncertain const& b, Uncertain const& c) {
  double const value = a.value * b.value / c.value;
  if (!(value > 0) || !std::isfinite(value)) return std::nullopt;
  double below = 0;
  double above = 0;
  for (auto const& [one, less, more] :
       {std::tuple{a, a.lo, a.hi},
        {b, b.lo, b.hi},
        {c, c.value / (c.hi / c.value), c.value / (c.lo / c.value)}}) {
    below += std::pow(std::log(less / one.value), 2);
    above += std::pow(std::log(more / one.value), 2);
  }
  return Uncertain{value, value * std::exp(-std::sqrt(below)), value * std::exp(std::sqrt(above))};
}

std::optional<Uncertain> uncertain(boost::json::object const& figure) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  if (truth_at(figure, "undelivered", false)) return Uncertain{infinite, infinite, infinite};
  auto const value = number_at(figure, "value");
  if (!value) return std::nullopt;
  auto const lo = number_at(figure, "lo");
  return Uncertain{*value, lo.value_or(*value),
                   number_at(figure, "hi").value_or(lo ? infinite : *value)};
}

}  // namespace pushlab::results

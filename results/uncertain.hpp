#pragma once
// Figures with their intervals, drawn at random: what a conclusion from several of them is worth.

#include <boost/json.hpp>
#include <cstdint>
#include <optional>

namespace pushlab::results {

// A fixed sequence, so that the same run gives the same decision.
class Dice {
 public:
  double normal();

 private:
  double uniform();
  std::uint64_t state_ = 20261124;
};

inline constexpr int draws = 1000;

struct Uncertain {
  double value;  // infinite: undelivered
  double lo;
  double hi;

  // Normal in the logarithm on either side of the value, so that 95 of 100 draws lie in lo..hi.
  double draw(Dice& dice) const { return at(dice.normal()); }
  double at(double z) const;  // z: of a standard normal
};

// a * b / c, with all their uncertainty; none where that is no number.
std::optional<Uncertain> in_proportion(Uncertain const& a, Uncertain const& b, Uncertain const& c);

// {"value","lo","hi"}; without an interval the value stands for itself. None when not measured.
std::optional<Uncertain> uncertain(boost::json::object const& figure);

}  // namespace pushlab::results

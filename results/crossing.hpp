#pragma once
// Where two measured curves cross: between the points, never beyond them.

#include <optional>
#include <vector>

#include "results/uncertain.hpp"

namespace pushlab::results {

struct CurvePoint {
  double x;
  Uncertain y;
  void const* figure = nullptr;  // points of one curve that stand for the same one move together
};
using Curve = std::vector<CurvePoint>;  // ascending x, at least two points

struct Crossing {
  std::optional<double> x;   // none inside the measured range
  std::optional<double> lo;  // 95 %; none: the interval reaches below the measured range
  std::optional<double> hi;  // none: it reaches beyond
  bool falls;                // `a` is below `b` behind the crossing (or, without one, everywhere)
  double share;              // of the draws that have a crossing inside
};

// `a` against `b`, at the same x. Between two points both are straight lines in the logarithms of x
// and y. The first change of order counts.
Crossing crossing(Curve const& a, Curve const& b);

}  // namespace pushlab::results

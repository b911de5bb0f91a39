#pragma once
// Student's t, where few repetitions make a normal distribution too bold.

#include <limits>

namespace pushlab::results {

inline constexpr double no_limit = std::numeric_limits<double>::infinity();

// The point that a two-sided interval of `level` reaches; `degrees` = no_limit: the normal one.
double student_t(double level, double degrees);
// How likely a value at least this far from 0 is, on either side.
double beyond_t(double value, double degrees);

}  // namespace pushlab::results

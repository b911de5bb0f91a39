#pragma once
// A gate on the terminal: plain text without colour, columns as wide as what is in them.

#include <string>

#include "results/gate.hpp"

namespace pushlab::report {

// One line a metric; why targets are invalid; below them the verdict and why, in one line.
std::string gate_lines(results::GateReport const& report);

}  // namespace pushlab::report

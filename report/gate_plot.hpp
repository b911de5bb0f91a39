#pragma once
// The changes of one target's metrics on one scale: where each is, how surely, and what it may be.

#include <string>

#include "results/gate.hpp"

namespace pushlab::report {

// HTML; empty when no metric has a change. Bounds that leave the scale end in an arrow.
std::string gate_plot(results::GatedTarget const& target);

}  // namespace pushlab::report

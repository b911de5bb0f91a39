#pragma once
// A gate as one HTML file that needs no network.

#include <string>

#include "results/gate.hpp"

namespace pushlab::report {

// The verdict, then for each target its changes as intervals and all figures in a table.
std::string gate_page(results::GateReport const& report);

}  // namespace pushlab::report

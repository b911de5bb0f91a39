#pragma once

#include <vector>

#include "tests/conformance/engine/case.hpp"

namespace pushlab::conformance {

// HB: heartbeats, and what silence costs (catalogue, group D).
std::vector<Case> heartbeat_cases();

}  // namespace pushlab::conformance

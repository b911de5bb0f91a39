#pragma once

#include <vector>

#include "tests/conformance/engine/case.hpp"

namespace pushlab::conformance {

// POLL: what a client that polls may rely on (catalogue, group J).
std::vector<Case> polling_cases();

}  // namespace pushlab::conformance

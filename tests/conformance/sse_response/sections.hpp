#pragma once

#include <vector>

#include "tests/conformance/engine/case.hpp"

// The sections of SSE-RESP, one file each, in the order of the catalogue.
namespace pushlab::conformance {

std::vector<Case> status_cases();

}  // namespace pushlab::conformance

#pragma once

#include <vector>

#include "tests/conformance/engine/case.hpp"

// The sections of LIMIT, one file each.
namespace pushlab::conformance {

std::vector<Case> limit_browser_cases();       // 01 to 06, 08
std::vector<Case> limit_multiplexing_cases();  // 07

}  // namespace pushlab::conformance

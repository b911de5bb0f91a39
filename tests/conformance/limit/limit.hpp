#pragma once

#include <vector>

#include "tests/conformance/engine/case.hpp"

namespace pushlab::conformance {

// LIMIT: how many streams a browser, or one HTTP/2 connection, can have open at the endpoint.
std::vector<Case> limit_group_cases();

}  // namespace pushlab::conformance

#pragma once

#include <vector>

#include "tests/conformance/engine/case.hpp"

namespace pushlab::conformance {

// SSE-RESP: what the answer to an EventSource must look like (catalogue, group A).
std::vector<Case> sse_response_cases();

}  // namespace pushlab::conformance

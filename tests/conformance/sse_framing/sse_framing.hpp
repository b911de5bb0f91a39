#pragma once

#include <vector>

#include "tests/conformance/engine/case.hpp"

namespace pushlab::conformance {

// SSE-FRAME: what a server may write into an event stream (catalogue, group B).
std::vector<Case> sse_framing_cases();

}  // namespace pushlab::conformance

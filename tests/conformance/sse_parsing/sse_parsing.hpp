#pragma once

#include <vector>

#include "tests/conformance/engine/case.hpp"

namespace pushlab::conformance {

// SSE-PARSE: what clients make of a stream (catalogue, group C). None is about an endpoint: they
// are listed with where they are proven.
std::vector<Case> sse_parsing_cases();

}  // namespace pushlab::conformance

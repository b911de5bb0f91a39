#pragma once

#include <vector>

#include "tests/conformance/engine/case.hpp"

namespace pushlab::conformance {

// PROXY: what a proxy in between does to a stream (catalogue, group F). With --via only.
std::vector<Case> proxy_cases();

}  // namespace pushlab::conformance

#pragma once

#include <vector>

#include "tests/conformance/engine/case.hpp"

namespace pushlab::conformance {

// RECON: resume, drain, slow readers and what connections leave behind (catalogue, group E).
std::vector<Case> reconnect_cases();

}  // namespace pushlab::conformance

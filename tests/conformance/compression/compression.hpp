#pragma once

#include <vector>

#include "tests/conformance/engine/case.hpp"

namespace pushlab::conformance {

// COMP: compression by content codings and by permessage-deflate (catalogue, group G).
std::vector<Case> compression_cases();

}  // namespace pushlab::conformance

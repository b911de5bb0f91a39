#pragma once

#include <vector>

#include "tests/conformance/engine/case.hpp"

// The sections of SSE-FRAME, one file each.
namespace pushlab::conformance {

std::vector<Case> encoding_cases();   // 01, 17, 18
std::vector<Case> line_cases();       // 02, 03, 19, 22, 27
std::vector<Case> block_cases();      // 04, 23, 24, 26, 28
std::vector<Case> payload_cases();    // 05 to 09, 25, 29
std::vector<Case> injection_cases();  // 10, 11
std::vector<Case> id_cases();         // 12 to 14
std::vector<Case> retry_cases();      // 15, 16
std::vector<Case> load_cases();       // 20, 21, 30

}  // namespace pushlab::conformance

#pragma once

#include <vector>

#include "tests/conformance/engine/case.hpp"

// The sections of SSE-RESP, one file each.
namespace pushlab::conformance {

std::vector<Case> status_cases();        // 01, 26
std::vector<Case> redirect_cases();      // 27, 28
std::vector<Case> content_type_cases();  // 02 to 05
std::vector<Case> caching_cases();       // 06, 07, 11, 25
std::vector<Case> transfer_cases();      // 08 to 10, 23, 34
std::vector<Case> http2_cases();         // 24
std::vector<Case> cors_cases();          // 12 to 15
std::vector<Case> preflight_cases();     // 16, 17
std::vector<Case> method_cases();        // 18 to 20
std::vector<Case> negotiation_cases();   // 21, 22, 31
std::vector<Case> refusal_cases();       // 29, 30, 33
std::vector<Case> limit_cases();         // 32

}  // namespace pushlab::conformance

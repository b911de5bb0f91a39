#pragma once

#include <string>
#include <vector>

#include "tests/conformance/engine/case.hpp"

// The sections of PROXY, one file each. Each opens with the rules it holds.
namespace pushlab::conformance {

std::vector<Case> proxy_flow_cases();        // 01 to 05
std::vector<Case> proxy_connection_cases();  // 06 to 11
std::vector<Case> proxy_request_cases();     // 12 to 16
std::vector<Case> proxy_life_cases();        // 17 to 19

// Fail before warn before the rest.
Verdict worse_of(Verdict a, Verdict b);
// "20 ms", "1.5 s".
std::string duration(double seconds);

}  // namespace pushlab::conformance

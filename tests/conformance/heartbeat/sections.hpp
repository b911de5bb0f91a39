#pragma once

#include <vector>

#include "tests/conformance/engine/case.hpp"

// The sections of HB, one file each.
namespace pushlab::conformance {

std::vector<Case> rhythm_cases();               // 01, 03, 05
std::vector<Case> path_cases();                 // 02
std::vector<Case> heartbeat_coding_cases();     // 04
std::vector<Case> spread_cases();               // 06
std::vector<Case> websocket_heartbeat_cases();  // 07
std::vector<Case> long_poll_idle_cases();       // 08
std::vector<Case> half_open_cases();            // 09, 10

}  // namespace pushlab::conformance

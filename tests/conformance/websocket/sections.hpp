#pragma once

#include <vector>

#include "tests/conformance/engine/case.hpp"

// The sections of WS, one file each.
namespace pushlab::conformance {

std::vector<Case> websocket_handshake_cases();    // 01 to 05, 18, 19
std::vector<Case> websocket_framing_cases();      // 06 to 08, 11
std::vector<Case> websocket_utf8_cases();         // 09
std::vector<Case> websocket_closing_cases();      // 10, 15, 17
std::vector<Case> websocket_size_cases();         // 12, 13
std::vector<Case> websocket_slow_reader_cases();  // 16
std::vector<Case> websocket_push_cases();         // 14, 20

}  // namespace pushlab::conformance

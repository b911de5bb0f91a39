#pragma once

#include <vector>

#include "tests/conformance/engine/case.hpp"

// The sections of COMP, one file each.
namespace pushlab::conformance {

// Content codings of HTTP.
std::vector<Case> compression_negotiation_cases();  // 01, 02, 05
std::vector<Case> compression_stream_cases();       // 03, 04
std::vector<Case> compression_format_cases();       // 06 to 08
std::vector<Case> compression_cost_cases();         // 09 to 11, 21; of WebSockets, too
// permessage-deflate.
std::vector<Case> compression_offer_cases();             // 12 to 14
std::vector<Case> compression_sent_message_cases();      // 15, 16
std::vector<Case> compression_received_message_cases();  // 17 to 20

inline std::vector<Strategy> over_http() {
  return {Strategy::sse, Strategy::long_poll, Strategy::short_poll};
}

}  // namespace pushlab::conformance

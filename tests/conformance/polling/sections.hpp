#pragma once

#include <vector>

#include "tests/conformance/engine/case.hpp"

// The sections of POLL, one file each.
namespace pushlab::conformance {

std::vector<Case> poll_cursor_cases();       // 01, 05, 08
std::vector<Case> poll_answer_cases();       // 02, 03
std::vector<Case> poll_waiting_cases();      // 04, 06
std::vector<Case> poll_late_client_cases();  // 07

inline std::vector<Strategy> both_polls() {
  return {Strategy::long_poll, Strategy::short_poll};
}

}  // namespace pushlab::conformance

#pragma once

#include <vector>

#include "tests/conformance/engine/case.hpp"

// The sections of RECON, one file each.
namespace pushlab::conformance {

std::vector<Case> cursor_cases();        // 01, 07, 09, 25 to 27
std::vector<Case> resume_cases();        // 02 to 04, 22, 23
std::vector<Case> lost_history_cases();  // 05, 06, 08
std::vector<Case> restart_cases();       // 10 to 12, 14 to 16
std::vector<Case> slow_reader_cases();   // 18 to 20
std::vector<Case> freed_cases();         // 17, 21
std::vector<Case> client_cases();        // 13, 24

}  // namespace pushlab::conformance

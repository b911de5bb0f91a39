#include "tests/conformance/polling/polling.hpp"

#include <algorithm>

#include "tests/conformance/polling/sections.hpp"

namespace pushlab::conformance {

std::vector<Case> polling_cases() {
  std::vector<Case> all;
  for (auto const section :
       {poll_cursor_cases, poll_answer_cases, poll_waiting_cases, poll_late_client_cases})
    for (auto& one : section()) all.push_back(std::move(one));
  std::sort(all.begin(), all.end(),
            [](Case const& a, Case const& b) { return a.rule.id < b.rule.id; });
  return all;
}

}  // namespace pushlab::conformance

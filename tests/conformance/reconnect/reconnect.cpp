#include "tests/conformance/reconnect/reconnect.hpp"

#include <algorithm>

#include "tests/conformance/reconnect/sections.hpp"

namespace pushlab::conformance {

std::vector<Case> client_cases() {
  auto const why = "a rule for clients, not for endpoints";
  return {
      not_testable({"RECON-13", "clients come back with growing, varied delays", "practice",
                    Level::process, Severity::major},
                   why),
      not_testable({"RECON-24", "a client opens a new EventSource after a status that closed it",
                    "HTML 9.2.3", Level::process, Severity::major},
                   why),
  };
}

std::vector<Case> reconnect_cases() {
  std::vector<Case> all;
  for (auto const section : {cursor_cases, resume_cases, lost_history_cases, restart_cases,
                             slow_reader_cases, freed_cases, client_cases})
    for (auto& one : section()) all.push_back(std::move(one));
  std::sort(all.begin(), all.end(),
            [](Case const& a, Case const& b) { return a.rule.id < b.rule.id; });
  return all;
}

}  // namespace pushlab::conformance

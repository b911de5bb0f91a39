#include "tests/conformance/heartbeat/heartbeat.hpp"

#include <algorithm>

#include "tests/conformance/heartbeat/sections.hpp"

namespace pushlab::conformance {

std::vector<Case> heartbeat_cases() {
  std::vector<Case> all;
  for (auto const section : {rhythm_cases, path_cases, heartbeat_coding_cases, spread_cases,
                             websocket_heartbeat_cases, long_poll_idle_cases, half_open_cases})
    for (auto& one : section()) all.push_back(std::move(one));
  std::sort(all.begin(), all.end(),
            [](Case const& a, Case const& b) { return a.rule.id < b.rule.id; });
  return all;
}

}  // namespace pushlab::conformance

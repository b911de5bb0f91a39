#include "tests/conformance/websocket/websocket.hpp"

#include <algorithm>

#include "tests/conformance/websocket/sections.hpp"

namespace pushlab::conformance {

std::vector<Case> websocket_cases() {
  std::vector<Case> all;
  for (auto const section : {websocket_handshake_cases, websocket_framing_cases,
                             websocket_utf8_cases, websocket_closing_cases, websocket_size_cases,
                             websocket_slow_reader_cases, websocket_push_cases})
    for (auto& one : section()) all.push_back(std::move(one));
  for (auto& one : all) one.rule.strategies = {Strategy::websocket};
  std::sort(all.begin(), all.end(),
            [](Case const& a, Case const& b) { return a.rule.id < b.rule.id; });
  return all;
}

}  // namespace pushlab::conformance

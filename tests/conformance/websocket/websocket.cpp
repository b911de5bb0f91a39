#include "tests/conformance/websocket/websocket.hpp"

#include <algorithm>

#include "tests/conformance/websocket/sections.hpp"

namespace pushlab::conformance {

std::vector<Case> websocket_cases() {
  std::vector<Case> all;
  for (auto const section : {handshake_cases, framing_cases, utf8_cases, closing_cases, size_cases,
                             slow_reader_cases, push_cases})
    for (auto& one : section()) all.push_back(std::move(one));
  for (auto& one : all) one.rule.strategies = {Strategy::websocket};
  std::sort(all.begin(), all.end(),
            [](Case const& a, Case const& b) { return a.rule.id < b.rule.id; });
  return all;
}

}  // namespace pushlab::conformance

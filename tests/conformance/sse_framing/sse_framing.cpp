#include "tests/conformance/sse_framing/sse_framing.hpp"

#include <algorithm>

#include "tests/conformance/sse_framing/sections.hpp"

namespace pushlab::conformance {

std::vector<Case> sse_framing_cases() {
  std::vector<Case> all;
  for (auto const section : {encoding_cases, line_cases, block_cases, payload_cases,
                             injection_cases, id_cases, retry_cases, load_cases})
    for (auto& one : section()) all.push_back(std::move(one));
  std::sort(all.begin(), all.end(),
            [](Case const& a, Case const& b) { return a.rule.id < b.rule.id; });
  return all;
}

}  // namespace pushlab::conformance

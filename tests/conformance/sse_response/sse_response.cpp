#include "tests/conformance/sse_response/sse_response.hpp"

#include <algorithm>

#include "tests/conformance/sse_response/sections.hpp"

namespace pushlab::conformance {

std::vector<Case> sse_response_cases() {
  std::vector<Case> all;
  for (auto const section : {status_cases, redirect_cases, content_type_cases, caching_cases,
                             transfer_cases, http2_cases, cors_cases, preflight_cases, method_cases,
                             negotiation_cases, refusal_cases, limit_cases}) {
    for (auto& one : section()) all.push_back(std::move(one));
  }
  std::sort(all.begin(), all.end(),
            [](Case const& a, Case const& b) { return a.rule.id < b.rule.id; });
  return all;
}

}  // namespace pushlab::conformance

#include "tests/conformance/sse_response/sse_response.hpp"

#include "tests/conformance/sse_response/sections.hpp"

namespace pushlab::conformance {

std::vector<Case> sse_response_cases() {
  std::vector<Case> all;
  for (auto const section : {status_cases})
    for (auto& one : section()) all.push_back(std::move(one));
  return all;
}

}  // namespace pushlab::conformance

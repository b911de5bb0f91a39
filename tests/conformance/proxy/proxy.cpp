#include "tests/conformance/proxy/proxy.hpp"

#include <algorithm>

#include "tests/conformance/proxy/sections.hpp"

namespace pushlab::conformance {

std::vector<Case> proxy_cases() {
  std::vector<Case> all;
  for (auto const section :
       {proxy_flow_cases, proxy_connection_cases, proxy_request_cases, proxy_life_cases})
    for (auto& one : section()) all.push_back(std::move(one));
  std::sort(all.begin(), all.end(),
            [](Case const& a, Case const& b) { return a.rule.id < b.rule.id; });
  return all;
}

}  // namespace pushlab::conformance

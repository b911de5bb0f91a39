#include "tests/conformance/limit/limit.hpp"

#include <algorithm>

#include "tests/conformance/limit/sections.hpp"

namespace pushlab::conformance {

std::vector<Case> limit_group_cases() {
  auto all = limit_browser_cases();
  for (auto& one : limit_multiplexing_cases()) all.push_back(std::move(one));
  std::sort(all.begin(), all.end(),
            [](Case const& a, Case const& b) { return a.rule.id < b.rule.id; });
  return all;
}

}  // namespace pushlab::conformance

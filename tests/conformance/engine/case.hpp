#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/conformance/engine/finding.hpp"
#include "tests/conformance/engine/rule.hpp"

namespace pushlab::conformance {

class Endpoint;

// What the runner has to know about a case.
struct Needs {
  double limit_s = 30;  // its waits end by Overdue after this time; longer cases start first
  bool alone = false;   // nothing else may run: it drains, restarts, stalls or floods the endpoint
  bool slow = false;    // only with --slow
};

// A rule and the function that checks it: blocking, plain code on a thread of its own, every wait
// with a deadline. A WireError that it lets through is a failure, a Skip is a skip.
struct Case {
  using Check = std::function<Finding(Endpoint&)>;
  Rule rule;
  Check check = {};  // empty: not testable black-box
  Needs needs = {};
  std::string why_not = {};  // then the reason
};

// A rule that stays in the list although no black-box test can decide it.
inline Case not_testable(Rule rule, std::string why) {
  return {std::move(rule), {}, {}, std::move(why)};
}

}  // namespace pushlab::conformance

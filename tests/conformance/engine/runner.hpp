#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/conformance/engine/case.hpp"
#include "tests/conformance/engine/endpoint.hpp"

namespace pushlab::conformance {

struct Result {
  Rule rule;
  Finding finding;
  double took_s = 0;
  bool broke_off = false;  // by an exception: the failure is not the rule's own
};

struct RunPlan {
  unsigned threads = 16;  // cases side by side
  // After each case that ran, from any thread, one call at a time.
  std::function<void(std::size_t done, std::size_t total)> progress;
};

// Runs the cases side by side, the ones with the longest limits first, then those that need the
// endpoint for themselves, one by one on the caller's thread, when no other one is left. Results
// are in the order of the cases. When Deadline::stopped(), what is left is skipped.
std::vector<Result> run_cases(std::vector<Case> const& cases, Endpoint& endpoint,
                              RunPlan const& plan);

// One case, here and now. Its exceptions have become findings; what cannot run is a skip.
Result run_case(Case const& one, Endpoint& endpoint);

// Whether the run failed: a failure that is critical or major; strict: or any failure or warning.
bool failed(std::vector<Result> const& results, bool strict);

}  // namespace pushlab::conformance

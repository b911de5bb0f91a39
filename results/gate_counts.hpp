#pragma once
// The gate's first tier: counts that need no statistics, because they are the same every time.

#include <boost/json/array.hpp>
#include <optional>
#include <string>
#include <vector>

#include "results/gate.hpp"

namespace pushlab::results {

// What a server needs for one delivery: "bytes_per_delivery", "writes_per_delivery",
// "syscalls_per_delivery", "allocations_per_delivery", "instructions_per_delivery".
struct ExactCount {
  std::string id;
  std::string title;
  std::string unit;             // "B", "" for a number
  std::optional<double> value;  // absent: it was not counted
  double highest = 0;           // of the times it was counted; `value` is the lowest
  unsigned times = 0;           // that it was counted
  std::string reason;           // why it was not counted: "strace is not installed"

  // Counted again, it was the same to the digit.
  bool repeats() const { return times > 1 && value == highest; }
};

struct CountRule {
  std::string id;
  double tolerance;  // share by which head may be above base
};

// For bytes and allocations nothing at all, for writes and system calls 1 %, for instructions 2 %.
std::vector<CountRule> usual_count_rules();

// One metric for each count of either side, in the order of the rules. Fails when the least that
// head ever needed is above the most that base did by more than the tolerance. What was not counted
// on both sides is undecided, never a pass.
std::vector<GatedMetric> judge_counts(std::vector<CountRule> const& rules,
                                      std::vector<ExactCount> const& base,
                                      std::vector<ExactCount> const& head);

boost::json::array to_json(std::vector<ExactCount> const& counts);

}  // namespace pushlab::results

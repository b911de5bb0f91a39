#pragma once
// The null server: an event stream with one send() a subscriber and nothing else. What it takes is
// what the load generator, the kernel and the loopback take, so it is the floor of every other
// target and no strategy itself. A figure close to it says more of the instrument than of the
// target.

#include <boost/json.hpp>
#include <vector>

#include "results/comparison.hpp"

namespace pushlab::results {

// Whether the target (an element of result.targets) is the null server; such a target never wins.
bool is_floor(boost::json::object const& target);

// Whether a figure of the target is "below resolution" in its floor_ratio.
bool below_resolution(boost::json::object const& target);

// Writes `floor_ratio` into every target: its figures against the null server's, and its median
// latency against the load generator's own lag, each with a verdict ("fine", "near floor", "below
// resolution"). Contenders in the order of the targets.
void write_floor_ratios(boost::json::array& targets, std::vector<Contender> const& contenders);

}  // namespace pushlab::results

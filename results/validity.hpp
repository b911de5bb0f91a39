#pragma once
// Whether a target's figures may be relied on.

#include <boost/json.hpp>
#include <string>
#include <vector>

namespace pushlab::results {

// Marks the repetitions that the figures do without (`left_out`: true): those that only the load
// generator's own checks speak against, when two thirds of all remain, and two at least. What the
// machine spoilt costs a block then, not the target. Marks of before are taken back.
void leave_out_spoilt(boost::json::object& target);

// Whether nothing but the load generator's own checks speaks against a repetition: it says nothing
// of the target then. What failed or lost deliveries is a finding.
bool only_generator_spoilt(boost::json::object const& repetition);
// Whether that holds of every repetition of a target that is not valid.
bool spoilt_by_generator_at_most(boost::json::object const& target);

// "Repetition 4 was left out, the figures rest on the other 4: ..."
std::vector<std::string> left_out(boost::json::object const& target);

// What speaks against the target: the reasons it has already, and those of its repetitions. Empty:
// it was measured validly. Throws ResultError when a repetition is no object.
boost::json::array invalid_reasons(boost::json::object const& target);

// A sentence for each repetition that stands in another one's place, which the load generator did
// not vouch for: "Block 2 was measured again: run_queue_wait 12 % (limit 10 %)."
std::vector<std::string> second_tries(boost::json::object const& target);

}  // namespace pushlab::results

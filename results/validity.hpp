#pragma once
// Whether a target's figures may be relied on.

#include <boost/json.hpp>
#include <string>
#include <vector>

namespace pushlab::results {

// What speaks against the target: the reasons it has already, and those of its repetitions. Empty:
// it was measured validly. Throws ResultError when a repetition is no object.
boost::json::array invalid_reasons(boost::json::object const& target);

// A sentence for each repetition that stands in another one's place, which the load generator did
// not vouch for: "Block 2 was measured again: run_queue_wait 12 % (limit 10 %)."
std::vector<std::string> second_tries(boost::json::object const& target);

}  // namespace pushlab::results

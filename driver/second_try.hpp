#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <string>
#include <vector>

namespace pushlab::driver {

// How many repetitions of a run may be carried out once more: a quarter of them, at least one.
std::size_t most_second_tries(std::size_t repetitions);

// What is kept of a repetition whose place another one takes: {started, reasons, checks}.
boost::json::object discarded(boost::json::object const& repetition);

// Of repetitions that were measured at the same time: what spoilt one spoilt the comparison, so
// that neither is compared with another instant of the other.
void share_doubts(std::vector<boost::json::object>& together);

// Its reasons, in one line for the terminal.
std::string why_discarded(boost::json::object const& discarded);

}  // namespace pushlab::driver

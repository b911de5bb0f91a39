#pragma once
// The one sentence that a reader came for, and what it rests on.

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "results/comparison.hpp"

namespace pushlab::results {

// Why a target cannot win, one sentence; empty when it can.
std::string exclusion(boost::json::object const& target);

// The winner at p99 latency; everybody whose ratio to it is a tie wins with it, and the costs then
// decide nothing but are told. Members: metric, winners, tie, verdict (fastest, alone, equal,
// undecided, none), sentence, details[], load, confidence, excluded[]. `result` is read for the
// scenario and the targets, whose order is that of the contenders.
boost::json::object answer(boost::json::object const& result,
                           std::vector<Contender> const& contenders);

}  // namespace pushlab::results

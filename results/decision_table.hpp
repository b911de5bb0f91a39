#pragma once
// The terminal's view of a decision: what each experiment found, and each claim with its verdict.

#include <boost/json.hpp>
#include <string>

namespace pushlab::results {

std::string decision_table(boost::json::object const& decision);

}  // namespace pushlab::results

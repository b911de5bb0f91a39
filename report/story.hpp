#pragma once
// What a page says between its header and its footer. All results are summarised and have colours.

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "report/chart.hpp"
#include "report/sections.hpp"

namespace pushlab::report {

// All sections of one result.
std::string story(boost::json::object const& result, Place const& place,
                  std::vector<Chart>& charts);

// "fan-out-", in front of a figure's file name; with a number where there are several runs.
std::string file_prefix(std::string_view name, std::size_t number);

std::string one_run(boost::json::object const& result, std::vector<Chart>& charts);
std::string many_runs(std::vector<boost::json::object> const& results, std::vector<Chart>& charts);

// The answer first, then the claims, and what they rest on.
std::string decision(boost::json::object const& decision, std::vector<Chart>& charts);
// "SSE, surely", short enough for a heading. Text.
std::string decision_headline(boost::json::object const& decision);

}  // namespace pushlab::report

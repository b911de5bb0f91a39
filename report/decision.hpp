#pragma once
// The parts of a decision's page.

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "report/chart.hpp"

namespace pushlab::report {

constexpr std::string_view decision_schema = "pushlab.decision/1";
bool is_decision(boost::json::object const& object);

// The experiment that the answer rests on: "fan-out", else the first; an empty object without any.
boost::json::object const& main_experiment(boost::json::object const& decision);
// Its place in experiments[].
std::size_t place_of(boost::json::object const& decision, std::string_view experiment);

std::string verdict_badge(std::string_view verdict);  // HTML
std::string claims_tally(boost::json::object const& decision);
std::string claims_section(boost::json::object const& decision);
// Empty where nothing was compared.
std::string crossover_section(boost::json::object const& decision, std::vector<Chart>& charts);

}  // namespace pushlab::report

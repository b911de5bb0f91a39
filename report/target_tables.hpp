#pragma once
// The tables of a target's page.

#include <vector>

#include "report/markup.hpp"
#include "report/target_story.hpp"

namespace pushlab::report {

std::string name_of(Appearance const& one);  // "fan-out", or "poll-rate, Short polling, 20 ms"

Table figures_table(std::vector<Appearance> const& all);
// With seeds, and where each is in result.json.
Table repetitions_table(Appearance const& one);
// The worst that each check of the load generator saw, over the repetitions.
std::vector<boost::json::object const*> worst_checks(boost::json::object const& target);
// The same as a table; no rows where it made none.
Table checks_table(boost::json::object const& target);

}  // namespace pushlab::report

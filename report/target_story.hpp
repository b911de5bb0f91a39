#pragma once
// What a target's page says.

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "report/chart.hpp"
#include "report/content.hpp"

namespace pushlab::report {

// One target, or a variant of it, in one experiment.
struct Appearance {
  Source const* source;
  boost::json::object const* target;
  std::size_t place;  // in targets[]
};

std::string target_story(std::string const& title, std::vector<Appearance> const& all,
                         std::vector<Chart>& charts);

}  // namespace pushlab::report

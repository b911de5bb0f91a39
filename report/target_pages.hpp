#pragma once
// A page for each target, for those who want to look behind the ranking.

#include <boost/json.hpp>
#include <vector>

#include "report/figure_files.hpp"

namespace pushlab::report {

// index.html, then one page a target (variants of it together): all its figures over all
// experiments, its configuration, its repetitions with their seeds, and the checks of the load
// generator.
std::vector<File> target_pages(std::vector<boost::json::object> const& results);

}  // namespace pushlab::report

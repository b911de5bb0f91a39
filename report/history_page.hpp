#pragma once
// The page of a history: what changed, then a chart of each figure over the results.

#include <string>

#include "results/history.hpp"

namespace pushlab::report {

// One HTML file that loads nothing. `notes` (text) says what was left out of the history.
std::string history_page(results::History const& history, std::vector<std::string> const& notes);

}  // namespace pushlab::report

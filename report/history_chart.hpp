#pragma once
// One figure of one target over the results, and what stands beside the chart.

#include <string>

#include "report/chart.hpp"
#include "report/markup.hpp"
#include "results/history.hpp"

namespace pushlab::report {

std::string group_id(results::HistorySeries const& series);  // of the target's section
std::string chart_id(results::HistorySeries const& series);

// A line of the values and, when it changed, one of the levels between; a mark at each change.
Chart history_chart(results::History const& history, results::HistorySeries const& series);
Table history_table(results::History const& history, results::HistorySeries const& series);
// What the values are, and which results are missing. HTML.
std::string scale_note(results::HistorySeries const& series);

}  // namespace pushlab::report

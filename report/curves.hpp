#pragma once
// From a summarised result to the charts of it.

#include <boost/json.hpp>
#include <string>

#include "report/chart.hpp"
#include "report/markup.hpp"
#include "report/sections.hpp"

namespace pushlab::report {

Chart named(Place const& place, std::string const& name, std::string title);

// Latency by percentile. The x axis counts nines, -log10(1 - q): 90 %, 99 %, 99.9 % are evenly
// apart. A line ends where the target has no further delivery, or where the undelivered begin.
Chart latency_chart(boost::json::object const& result, Place const& place);
Table latency_table(boost::json::object const& result);

// The share of all deliveries that had arrived within a time: its distribution. A stream is up
// within milliseconds, polling is a ramp as long as its interval.
Chart freshness_chart(boost::json::object const& result, Place const& place);
Table freshness_table(boost::json::object const& result);

// Per second of the measured phase: the p99 of the worst repetition, and the mean deliveries of all
// repetitions.
Chart latency_over_time(boost::json::object const& result, Place const& place);
Chart deliveries_over_time(boost::json::object const& result, Place const& place);
Table time_table(Chart const& chart, std::string const& caption);

}  // namespace pushlab::report

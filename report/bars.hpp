#pragma once
// One cost as bars, a target each: the page and the stand-alone figure are made from it.

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace pushlab::report {

struct Bar {
  std::string label;
  std::size_t colour;
  std::optional<double> value, lo, hi;
  std::string text;    // the value with its unit
  std::string markup;  // the same with its interval, HTML
};

struct Bars {
  std::string title, unit, explanation;
  std::vector<Bar> bars;
};

// What each delivery, connection and client costs, where it was measured.
std::vector<std::string_view> cost_metrics(boost::json::object const& result);
Bars metric_bars(boost::json::object const& result, std::string_view metric_id);
// Money, from the members {id, title, usd_...} of a cost ledger; empty without one.
std::vector<Bars> money_bars(boost::json::object const& result);

double longest(Bars const& bars);  // what the full width stands for
std::string markup(Bars const& bars);

}  // namespace pushlab::report

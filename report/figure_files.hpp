#pragma once
// Every figure of a report as a file of its own, for records and papers that embed it.

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "report/bars.hpp"
#include "report/chart.hpp"

namespace pushlab::report {

struct File {
  std::string name;
  std::string text;
};

// SVG files with stable names: "fan-out-latency.svg" of an experiment, or of the scenario where
// there is a single run. White, without script, readable alone.
std::vector<File> figure_files(std::vector<boost::json::object> const& results);

std::string chart_picture(Chart const& chart);
std::string bars_picture(std::string const& title, std::vector<Bars> const& all);

}  // namespace pushlab::report

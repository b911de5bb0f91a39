#pragma once
// A line chart, described once: the still SVG, the interactive plot and the data table are made
// from it.

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace pushlab::report {

struct Tick {
  double at;
  std::string label;
};

struct Whisker {  // a 95 % interval at one place of a line
  double x, lo, hi;
};

struct Series {
  std::string label;
  std::size_t colour;  // the target's place in the result, the same in every chart
  std::vector<std::optional<double>> y;  // one per x; none = a gap
  std::vector<Whisker> whiskers;
};

struct Chart {
  std::string id;  // unique in the page
  std::string x_label, y_label;
  std::string x_unit, y_unit;  // for the read-out under the pointer
  bool logarithmic = false;    // the y axis
  std::vector<double> x;
  std::vector<Series> series;
  double y_low = 0, y_high = 1;
  std::vector<Tick> x_ticks, y_ticks;
};

// Sets the y range and both axes' ticks from the values; x ticks only when there are none yet.
void scale(Chart& chart);

boost::json::object to_json(Chart const& chart);

// An SVG that shows without script, in the page's colours; also what is printed.
std::string still_chart(Chart const& chart);

}  // namespace pushlab::report

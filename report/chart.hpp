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

struct Range {
  double lo, hi;
};

struct Series {
  std::string label;
  std::size_t colour;                    // the target's, the same in every chart
  std::vector<std::optional<double>> y;  // one per x; none = a gap
  std::vector<Whisker> whiskers = {};
  std::vector<std::optional<Range>> band = {};  // a 95 % interval along the line, one per x
};

struct Mark {  // where something happens, lines cross for example, with its 95 % interval
  double x, lo, hi;
};

struct Chart {
  std::string id;    // unique in the page
  std::string file;  // of the stand-alone figure, without ".svg"
  std::string title;
  std::string x_label, y_label;
  std::string x_unit, y_unit;  // for the read-out under the pointer
  bool logarithmic = false;    // the y axis
  bool logarithmic_x = false;
  bool sparse = false;  // each line has places of its own: they are marked, and joined over gaps
  std::vector<Mark> marks = {};
  std::vector<double> x;
  std::vector<std::string> x_names = {};  // what each place is called; empty: by its number
  std::vector<Series> series;
  double y_low = 0, y_high = 1;
  std::vector<Tick> x_ticks, y_ticks;
};

// Sets the y range and both axes' ticks from the values; x ticks only when there are none yet.
void scale(Chart& chart);

boost::json::object to_json(Chart const& chart);

// An SVG that shows without script, in the page's colours; also what is printed.
std::string still_chart(Chart const& chart);

constexpr double still_width = 760;
constexpr double still_height = 340;
// What still_chart() has inside its <svg>.
std::string still_lines(Chart const& chart);

}  // namespace pushlab::report

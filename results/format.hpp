#pragma once
// Figures as people read them: three significant digits, a unit, and words where there is no
// number.

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pushlab::results {

struct Metric;

// 0.00123 -> "0.00123", 5.2 -> "5.20", 123.4 -> "123", 12345 -> "12 345".
std::string number(double value);
// "5.20 ms", "12 %" for the unit "share", "1 200" for a count.
std::string quantity(double value, std::string_view unit);
// One figure {"value","lo","hi",...} of a summarised target: "5.20 ms", "undelivered", or "–" when
// not measured.
std::string quantity(boost::json::object const& figure, Metric const& metric);
// "a", "a and b", "a, b and c".
std::string list(std::vector<std::string> const& names);
// Lines of at most 110 columns for the terminal, the later ones indented; `column` of the first is
// taken already. Ends with a line end.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t column = 0);
// "1000 clients, 10 events/s (poisson), notifications of 200 bytes, 3 repetitions of 15 s".
std::string load(boost::json::object const& result);
// The figure `metric_id` of a summarised target; an empty object when it is missing.
boost::json::object const& figure_of(boost::json::object const& target, std::string_view metric_id);

}  // namespace pushlab::results

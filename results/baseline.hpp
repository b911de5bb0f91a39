#pragma once
// A run beside a stored one, most often of another machine: times as multiples of each run's own
// null server, bytes and counts as they are. It informs and never blocks.

#include <boost/json.hpp>
#include <string>

namespace pushlab::results {

// Both summarised. {"run","calibrated","notes":[sentences],"rows":[{"target","title","metric",
// "kind":"ratio"|"value","now","then","change","overlap"}]}: now and then are {"value","lo","hi"};
// `change` is now / then - 1, null where then is 0 (where both are, there is no row); `overlap`
// says that the 95 % intervals do, null where one is missing. Without a null server on both sides
// there are bytes and counts only.
boost::json::object against_baseline(boost::json::object const& result,
                                     boost::json::object const& baseline);

// For the terminal, of what against_baseline() made.
std::string baseline_table(boost::json::object const& facts);

// A side of a row: "1.52 ×", "236 B". With its interval in `with_interval` form "1.52 × (1.40 –
// 1.66)".
std::string side_in_words(boost::json::object const& row, std::string_view side,
                          bool with_interval = false);
// "+12.0 %", "from 0"
std::string change_in_words(boost::json::object const& row);

}  // namespace pushlab::results

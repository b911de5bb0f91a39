#pragma once
// The comparison table of a terminal: plain text, at most 110 columns, no colour.

#include <boost/json.hpp>
#include <string>

namespace pushlab::results {

// `result` must have been summarised. The answer above, one line a target (fastest first, those
// that cannot win last), remarks, reasons and skipped targets below. Ends with a line end.
std::string table(boost::json::object const& result);

}  // namespace pushlab::results

#pragma once
// Histograms for other tools: HdrHistogram V2, compressed, in a log of format version 1.3.
//
// Values are ns, 1 ns to 1 h with three significant digits, which is finer than our half percent: a
// count stays at its bucket's midpoint. Undelivered is no value there; a comment of the log says
// how many there were, because without them its percentiles look better than ours.

#include <boost/json.hpp>
#include <string>

#include "results/histogram.hpp"

namespace pushlab::results {

// The compressed V2 encoding in base64; begins with "HISTFAAAA".
std::string hdr_encoded(Histogram const& histogram);

// The log of a summarised result: a row for each of latency, latency_from_send, lag and connect of
// each target, tagged "target/metric", repetitions merged.
std::string hdr_log(boost::json::object const& result);

}  // namespace pushlab::results

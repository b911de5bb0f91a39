#pragma once
// From repetitions to figures: what a result says of its targets is computed here and nowhere else.

#include <boost/json.hpp>

namespace pushlab::results {

inline constexpr char const* schema_name = "pushlab.result/1";

// Reads targets[].repetitions[] and writes, replacing what was there: per target `figures`,
// `histograms`, `stationarity`, `remarks`, `floor_ratio`, `ceiling_share`, `valid` and
// `invalid_reasons` (reasons found earlier are kept); for the result `comparisons`, `oracles` and
// `answer`; into `ceilings` what the load generator takes. The same input gives the same output.
// Throws ResultError when the schema is another one or a target or histogram cannot be read.
void summarise(boost::json::object& result);

}  // namespace pushlab::results

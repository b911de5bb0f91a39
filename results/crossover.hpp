#pragma once
// From where on another option is cheaper.

#include <boost/json.hpp>

namespace pushlab::results {

// [{"id","question","x_unit","x","lo","hi","sentence","curves":[{"label","points":[[x, y],...]}]}]
// of a decision: polling against SSE by events in a polling interval (experiments poll-rate*), and
// refresh events against events with data by payload (experiments refresh*). `x` is null when the
// curves do not cross between measured points; `lo` or `hi` is null when the 95 % interval reaches
// out of the measured range. Empty when no such experiment was measured.
boost::json::array crossovers(boost::json::object const& decision);

}  // namespace pushlab::results

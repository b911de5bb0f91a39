#pragma once
// The null server of a run as its measure of the machine: a figure that a faster machine makes
// smaller is divided by the null server's, so that runs of different machines can be put side by
// side. That evens out speed. CPU types differ in more than speed, so it is a help, no proof.

#include <boost/json.hpp>
#include <string_view>

#include "results/metric.hpp"

namespace pushlab::results {

// Times depend on the machine; bytes, counts and shares do not. Nor does the latency of polling and
// reloading, which their interval sets, or a recovery, which the clients' waiting sets.
bool depends_on_machine(Metric const& metric, std::string_view strategy);

// The target (of a result) that is the null server; nullptr when the run has none that was measured
// validly.
boost::json::object const* null_server(boost::json::object const& result);

}  // namespace pushlab::results

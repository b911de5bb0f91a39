#pragma once
// A decision made up by formula: every verdict, a crossing, the null server, a matrix of proxies.

#include <boost/json.hpp>

namespace pushlab::sample {

// Its experiments are not summarised.
boost::json::object decision();

}  // namespace pushlab::sample

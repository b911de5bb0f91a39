#pragma once
// Whether a target's figures may be relied on.

#include <boost/json.hpp>

namespace pushlab::results {

// What speaks against the target: the reasons it has already, and those of its repetitions. Empty:
// it was measured validly. Throws ResultError when a repetition is no object.
boost::json::array invalid_reasons(boost::json::object const& target);

}  // namespace pushlab::results

#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>

#include "driver/capacity_course.hpp"

namespace pushlab::driver {

// "1234 events/s"
std::string load_text(CapacityQuestion const& question, double load);

// The answer in one sentence.
std::string sentence(CapacityQuestion const& question, CapacityCourse const& course);

// One line a probe, aligned, at most 110 columns; remarks below. Ends with a line end.
std::string probe_table(CapacityQuestion const& question, CapacityCourse const& course);

boost::json::object result_json(CapacityQuestion const& question, CapacityCourse const& course);
boost::json::array probes_json(CapacityQuestion const& question, CapacityCourse const& course);

}  // namespace pushlab::driver

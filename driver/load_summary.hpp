#pragma once

#include <boost/json/object.hpp>
#include <string>

namespace pushlab::driver {

// The load object as a few aligned lines for people.
std::string load_summary(boost::json::object const& load);

}  // namespace pushlab::driver

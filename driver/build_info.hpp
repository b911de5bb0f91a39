#pragma once

#include <boost/json/object.hpp>
#include <string>

namespace pushlab::driver {

// The "pushlab" object of result.json: version, commit, dirty, build_type, compiler.
boost::json::object build_info();

std::string version();
std::string build_type();

// Figures come from the release build only.
bool is_release_build();

}  // namespace pushlab::driver

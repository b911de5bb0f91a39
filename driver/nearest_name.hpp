#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pushlab::driver {

// The name among `known` that a mistyped `given` most likely meant: at most a third of its letters
// (and always one or two) inserted, dropped, swapped or replaced. Empty when none is that near.
std::string nearest_name(std::string_view given, std::vector<std::string> const& known);

}  // namespace pushlab::driver

#pragma once

#include <functional>
#include <string>

namespace pushlab::driver {

// Does what reads the run of this name. A file that pushlab wrote is trusted to have the members
// that it always has; what stumbles over another one becomes an InputError with the name.
void with_recorded(std::string const& run, std::function<void()> const& use);

}  // namespace pushlab::driver

#pragma once

#include <string>

#include "driver/target.hpp"

namespace pushlab::driver {

// What the target's version command prints, on one line; our own version when it has none and is
// ours; "unknown" when the command fails or takes longer than five seconds.
std::string version_of(Target const& target);

}  // namespace pushlab::driver

#pragma once

#include "driver/conform_target.hpp"

namespace pushlab::driver {

// Measures the endpoint, or the checker's own, behind every proxy in every flavour, prints the
// matrix and writes it to flags.out. Returns the exit status: fell_short when a proxy that is
// installed did not start. Throws InputError, TargetError.
int conform_matrix(ConformFlags const& flags);

}  // namespace pushlab::driver

#pragma once

#include <string>
#include <vector>

#include "driver/result_writer.hpp"

namespace pushlab::driver {

// {"freshness=3", "cpu=1"}. Throws InputError for what is no criterion or no number from 0 on.
Weights read_weights(std::vector<std::string> const& given);

}  // namespace pushlab::driver

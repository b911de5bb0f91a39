#pragma once

#include <string>

#include "tests/conformance/proxy/matrix.hpp"

namespace pushlab::driver {

// The matrix as an HTML page of its own, in the look of the report.
std::string matrix_page(conformance::Matrix const& matrix);

}  // namespace pushlab::driver

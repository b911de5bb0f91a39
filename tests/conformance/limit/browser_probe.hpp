#pragma once

#include <string>
#include <vector>

namespace pushlab::conformance {

// What tests/browser/limits.mjs says, line by line: it drives a Chromium, on one machine in its own
// process group. Throws Skip, saying what to install, when that is not possible here, and
// std::runtime_error when it breaks off. Nothing of it is left behind, whatever happens.
std::vector<std::string> probe_with_browser(std::vector<std::string> const& arguments,
                                            double within_s);

}  // namespace pushlab::conformance

#pragma once

#include <string>
#include <vector>

#include "tests/conformance/engine/case.hpp"

namespace pushlab::conformance {

// Every rule there is, in the order of the catalogue: the one registry of the command line and of
// the tests.
std::vector<Case> all_cases();

// The cases whose id is in `ids` or begins with one of `groups`; all when both are empty. Throws
// std::invalid_argument naming an id or group that does not exist.
std::vector<Case> select_cases(std::vector<Case> const& cases,
                               std::vector<std::string> const& groups,
                               std::vector<std::string> const& ids);

}  // namespace pushlab::conformance

#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "driver/decision_file.hpp"

namespace pushlab::driver {

// What the claims of a decision may name; an empty list is not checked.
struct ClaimNames {
  std::vector<std::string> experiments;
  std::vector<std::string> rules;  // of the conformance checker
};

// The names that this decision and the checker have.
ClaimNames claim_names(DecisionFile const& decision);

// One claim as it stands in the decision, unjudged. Every key is explained in scenarios/README.md.
// Throws InputError with file and line.
boost::json::object parse_claim(std::string_view text, std::filesystem::path const& file,
                                ClaimNames const& names);

// All claims of a folder in the order of their ids. Throws InputError, also for an id that two
// files have.
boost::json::array read_claims(std::filesystem::path const& folder, ClaimNames const& names);

}  // namespace pushlab::driver

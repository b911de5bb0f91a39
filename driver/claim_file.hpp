#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "driver/decision_file.hpp"

namespace pushlab::driver {

// What the claims of a decision may name.
struct ClaimNames {
  using Lists = std::map<std::string, std::vector<std::string>>;
  Lists targets;                     // by experiment
  Lists rules;                       // that are checked, by target
  std::vector<std::string> proxies;  // that are measured
  double silence_s = 0;              // for which they are
};

// What this decision measures. Throws InputError when it names a rule that the checker lacks.
ClaimNames claim_names(DecisionFile const& decision);

// One claim as it stands in the decision, unjudged. Every key is explained in scenarios/README.md.
// Throws InputError with file and line.
boost::json::object parse_claim(std::string_view text, std::filesystem::path const& file,
                                ClaimNames const& names);

// All claims of a folder in the order of their ids. Throws InputError, also for an id that two
// files have and a folder without a claim.
boost::json::array read_claims(std::filesystem::path const& folder, ClaimNames const& names);

}  // namespace pushlab::driver

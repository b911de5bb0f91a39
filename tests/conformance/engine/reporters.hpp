#pragma once

#include <string>
#include <vector>

#include "tests/conformance/engine/runner.hpp"

namespace pushlab::conformance {

struct Tested {
  std::string url;
  Strategy strategy = Strategy::sse;
};

// For people: failures and warnings in full, what is good to know in a line, grouped; and the
// counts.
std::string terminal_report(Tested const& tested, std::vector<Result> const& results);
// {"url":..,"strategy":..,"cases":[{"id","verdict","severity","reason",...}],"counts":{...}}
std::string json_report(Tested const& tested, std::vector<Result> const& results);
// JUnit: fail is a failure, skip is skipped, warn and info pass with system-out.
std::string junit_report(Tested const& tested, std::vector<Result> const& results);
// The rules as a table, or as a JSON array.
std::string rule_list(std::vector<Case> const& cases);
std::string rule_list_json(std::vector<Case> const& cases);

}  // namespace pushlab::conformance

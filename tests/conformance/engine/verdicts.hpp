#pragma once

#include <string>
#include <vector>

#include "tests/conformance/engine/finding.hpp"

namespace pushlab::conformance {

// The verdict over several observations: the worst, with what was seen in each of the worst kind.
class Verdicts {
 public:
  void good() { ++good_; }
  void soft(std::string seen) { soft_.push_back(std::move(seen)); }  // a warning
  void bad(std::string seen) { bad_.push_back(std::move(seen)); }    // a failure
  // `good`: what was counted, "forms tried".
  Finding finding(std::string const& expected, std::string const& good) const;

 private:
  std::size_t good_ = 0;
  std::vector<std::string> soft_;
  std::vector<std::string> bad_;
};

}  // namespace pushlab::conformance

#pragma once
// What a figure has to be for a claim to hold, and what an interval says about it.

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "results/bootstrap.hpp"

namespace pushlab::results {

enum class Outcome {
  confirmed,  // the whole interval keeps the rule
  refuted,    // none of it does
  border,  // some of it, and all lies within 10 % of the limit: it depends on where that is drawn
  undecided,  // some of it
  missing,    // there is no interval
};
std::string_view name_of(Outcome outcome);

// One of below, above, at_least, at_most, within = [lo, hi].
class Rule {
 public:
  // Throws ResultError when the check has no such member or several.
  static Rule of(boost::json::object const& check);

  Outcome judge(Interval const& interval) const;
  bool is_within() const { return word_ == "within"; }
  std::string text(std::string_view unit) const;  // "below 5.00 ms"

 private:
  bool is_border(Interval const& interval) const;

  std::string word_;
  double lo_ = 0;
  double hi_ = 0;
};

}  // namespace pushlab::results

#pragma once
// One check of a claim, against what was measured.

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "results/claim_rule.hpp"
#include "results/quantity.hpp"

namespace pushlab::results {

// Answers checks from one decision, which must outlive it, and keeps what it had to compute.
class ClaimChecks {
 public:
  explicit ClaimChecks(boost::json::object const& decision);

  // Adds to the check: outcome, sentence; when measured value, lo, hi, unit, rule (lo and hi null:
  // no interval; narrow: the 90 % interval of a ratio that has to lie within; both the value: a
  // count, which is exact; value null and undelivered: infinite; level where it is not 0.95; once:
  // of one repetition, lo and hi are a factor of two away); when missing or without an interval
  // reason.
  Outcome judge(boost::json::object& check);

 private:
  Outcome judge_metric(boost::json::object& check);
  Outcome judge_oracle(boost::json::object& check, std::string const& name);
  Outcome judge_conformance(boost::json::object& check) const;
  Outcome judge_matrix(boost::json::object& check) const;
  double level_of(boost::json::object const& check) const;
  Quantity asked(boost::json::object const& check);

  struct Experiment {
    boost::json::object const& entry;  // of decision.experiments
    boost::json::object const& result;
    Quantities quantities;
  };
  boost::json::object const& decision_;
  std::map<std::string, Experiment, std::less<>> experiments_;
};

// For the parts of ClaimChecks and their tests: writes outcome and sentence.
Outcome missing(boost::json::object& check, std::string const& reason);
Outcome conclude(boost::json::object& check, Outcome outcome, std::string const& sentence);

// How many rows of the proxy matrix meet a condition: "websocket" the upgrade passes, "stream" each
// event passes alone and within a second, "coded" the same for compressed events, "silence" a
// silent stream is ended within 70 s.
struct MatrixCount {
  std::vector<std::string> met, unmet;
  std::string reason;  // why nothing was counted
};
constexpr double least_silence_s = 70;  // that "silence" needs
bool is_matrix_condition(std::string_view name);
MatrixCount count_rows(boost::json::object const& matrix, boost::json::object const& check);
// One row; none: it says nothing about it.
std::optional<bool> row_meets(boost::json::object const& row, std::string_view condition);
// "lets a WebSocket through"
std::string matrix_condition_text(std::string_view name);

}  // namespace pushlab::results

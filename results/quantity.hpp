#pragma once
// One figure, or the ratio of two targets' figures, out of a result: what a claim asks for.

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "results/target_figures.hpp"

namespace pushlab::results {

// Without `value` there is none, and `reason` says why. Undelivered is an infinite value. Without
// `lo` and `hi` there is no interval; `reason` then says why or is empty.
struct Quantity {
  std::optional<double> value, lo, hi;
  std::string unit;  // the metric's; empty for a ratio
  std::string reason;
  bool once = false;  // from one repetition: the interval holds nothing of how much runs differ
  std::optional<Interval> narrow = {};  // leaves out twice as much as lo to hi; of a ratio only
};

// Asks one result, summarised or not, and keeps what it had to compute: a ratio costs a bootstrap
// of each of its targets. The result must outlive it.
class Quantities {
 public:
  explicit Quantities(boost::json::object const& result) : result_(result) {}

  Quantity of(std::string_view target_id, std::string_view metric_id);
  // target / against, paired, with an interval of `level`.
  Quantity ratio(std::string_view target_id, std::string_view against_id,
                 std::string_view metric_id, double level = 0.95);

 private:
  TargetFigures const& figures(boost::json::object const& target);

  boost::json::object const& result_;
  std::map<std::string, TargetFigures, std::less<>> computed_;
};

// The same for a single question.
Quantity quantity(boost::json::object const& result, std::string_view target_id,
                  std::string_view metric_id);
Quantity ratio_of(boost::json::object const& result, std::string_view target_id,
                  std::string_view against_id, std::string_view metric_id);

}  // namespace pushlab::results

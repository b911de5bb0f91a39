#pragma once
// Each target against the best one, metric by metric.

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "results/target_figures.hpp"

namespace pushlab::results {

struct Contender {
  std::string id;
  std::string title;
  bool eligible;  // valid and nothing lost: only then can it be the best
  TargetFigures figures;
  bool floor = false;  // the null server: neither the best nor compared with it
};

struct Comparison {
  std::string_view metric;
  std::size_t best;  // indices into the contenders
  std::size_t target;
  std::optional<double> ratio;  // target / best; none when the best is 0 or the target has no value
  std::optional<Interval> range;  // 95 %
  std::optional<double> p;        // after Holm's correction
  bool equal;                     // proven: see equal_bounds()
  bool tie;                       // equal, or no difference was proven
  std::string verdict;  // "equal within 10 %" (or 25), "cannot be told apart", "worse", "worse:
                        // undelivered", "worse: not reached", "better, but cannot win", "no
                        // interval"
};

// The eligible contender with the best value; none when nobody has one.
std::optional<std::size_t> best_of(std::vector<Contender> const& contenders,
                                   std::string_view metric_id);

// The best against every other contender that has a figure, smallest first; empty without a best
// one. Sums over repetitions are compared only between as many of them.
std::vector<Comparison> compare(std::vector<Contender> const& contenders,
                                std::string_view metric_id);

boost::json::object to_json(Comparison const& comparison, std::vector<Contender> const& contenders);

}  // namespace pushlab::results

#pragma once
// All figures of one target, from its repetitions.
//
// A pooled percentile is exact: it is read from the merged histogram. Its interval cannot come from
// there, because a histogram does not know which deliveries belong to one event. So each event is
// rebuilt from its row: a tenth of its deliveries spread evenly between p90 and last, four tenths
// between p50 and p90, half between first and p50, the undelivered at infinity (an event that lost
// deliveries has no last: those beyond its last known percentile are put there). The bootstrap runs
// on that, and each replicate is scaled by exact / rebuilt.

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "results/bootstrap.hpp"
#include "results/histogram.hpp"

namespace pushlab::results {

struct Figure {
  double value;  // infinite: undelivered; NaN: not measured
  std::optional<Interval> range;
  Replicates replicates;
  std::string remark;  // empty, or what limits the figure
};

struct TargetFigures {
  std::size_t repetitions = 0;  // those without an error
  std::size_t events = 0;
  std::vector<Figure> figures;  // in the order of metrics()
  std::map<std::string, Histogram, std::less<>> histograms;

  Figure const& operator[](std::string_view metric_id) const;
};

// `target` is one element of result.targets. Throws ResultError for a histogram that cannot be
// read.
TargetFigures target_figures(boost::json::object const& target);

}  // namespace pushlab::results

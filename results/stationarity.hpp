#pragma once
// Whether a repetition stayed at one level, or was still warming up or drifting. A label, never a
// silent cut: the figures keep all measured events.

#include <boost/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pushlab::results {

struct TimedValue {
  double at_s;
  double value;  // infinite: undelivered
};

struct Stationarity {
  std::optional<bool> stationary;  // none: too short to tell
  std::string reason;
  // MSER-5: the cut that leaves the rest with the smallest standard error, batches of 5 events.
  // 0 when what it would cut differs by less than 3 % from the rest; none when the best cut lies
  // in the second half, so that no level was reached.
  std::optional<double> warmup_cut_s;
};

// Stationary: the medians of both halves differ by less than 3 %, and the medians of windows of
// 0.5 s (longer when they hold fewer than 10 events) have no trend, Spearman's p > 0.05.
Stationarity stationarity(std::span<TimedValue const> values);

// The events' median latencies of one repetition, in order.
std::vector<TimedValue> event_medians(boost::json::object const& repetition);

// One element a repetition: {"stationary","reason","warmup_cut_s"}; all null where it failed.
boost::json::array stationarities(boost::json::object const& target);

}  // namespace pushlab::results

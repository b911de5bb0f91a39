#pragma once
// The hierarchical bootstrap: repetitions are drawn with replacement, then events inside each drawn
// repetition.
//
// The unit is the event, not the delivery: all clients of one event share the same scheduling
// accident. The draws depend on the shape alone (how many events each repetition has), so targets
// that ran the same schedule are resampled alike, and what their repetitions share cancels out of a
// ratio.

#include <cstdint>
#include <optional>
#include <vector>

namespace pushlab::results {

using Shape = std::vector<std::uint32_t>;  // events in each repetition

struct Draw {
  std::vector<std::uint32_t> repetitions;  // how often each repetition was drawn
  std::vector<std::uint32_t> events;       // how often each event was drawn, repetitions in a row
};

enum class Level {
  both,    // repetitions, then events
  events,  // every repetition once, events resampled: shows how much of the spread the events
           // explain
};

class Resampler {
 public:
  Resampler(Shape shape, Level level);
  Draw next();

 private:
  std::uint32_t below(std::uint32_t bound);

  Shape shape_;
  std::vector<std::uint32_t> first_event_;
  Level level_;
  std::uint64_t state_;
};

Draw everything_once(Shape const& shape);

struct Interval {
  double lo;
  double hi;  // infinite when the upper end falls among the undelivered
};

// The replicates of one figure, or of a ratio of two.
struct Replicates {
  std::vector<double> both;
  std::vector<double> events;
};

// A percentile interval of `level` around `value`, in the logarithm when all are positive.
// Percentiles of a bootstrap are too narrow for few repetitions, so the part of the spread that
// comes from the repetitions (both minus events) is stretched by sqrt(n / (n - 1)) * t(n - 1)
// / 1.96: 2.7 for three repetitions, 1.2 for ten. No interval when nothing varies for want of a
// second repetition, or `value` is infinite.
std::optional<Interval> interval(double value, Replicates replicates, std::size_t repetitions,
                                 double level = 0.95);

// How likely a ratio at least this far from 1 is when it is 1 in truth: twice the share of the
// stretched replicates beyond 1, and never less than Student's t gives for their spread, because
// 200 replicates cannot say less than a hundredth. None where there is no interval.
std::optional<double> chance_of_ratio(double value, Replicates replicates, std::size_t repetitions);

}  // namespace pushlab::results

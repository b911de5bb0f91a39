#pragma once
// What one target's repetitions hold, in the form that the bootstrap draws from.

#include <boost/json.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "results/bootstrap.hpp"
#include "results/histogram.hpp"
#include "results/metric.hpp"
#include "results/sample.hpp"

namespace pushlab::results {

class TargetSample {
 public:
  // The objects must outlive the sample.
  explicit TargetSample(std::vector<boost::json::object const*> repetitions);

  Shape const& shape() const { return shape_; }
  std::size_t points() const;
  std::map<std::string, Histogram, std::less<>> const& merged() const { return merged_; }

  // One value per metric, in the order of metrics(). Infinite: undelivered; NaN: not measured.
  std::vector<double> evaluate(Draw const& draw) const;

 private:
  struct Grouped {  // metrics that one walk over a sample answers
    Sample sample;
    bool by_event = false;
    std::vector<double> qs;
    std::vector<std::size_t> metric_indices;
    std::vector<std::size_t> mean_indices;
  };

  struct Numbers {  // of a metric that has one or two numbers a repetition; NaN where it is missing
    std::size_t metric_index;
    Source source;
    std::vector<double> above, below;
  };

  void add_repetition(boost::json::object const& repetition, std::uint32_t index);
  void add_event(boost::json::array const& row,
                 std::map<std::string_view, std::size_t> const& columns);
  void group_quantiles();
  Sample histogram_sample(std::string_view name) const;
  void read_numbers();

  std::vector<boost::json::object const*> repetitions_;
  Shape shape_;
  std::uint32_t events_ = 0;
  std::map<std::string, Histogram, std::less<>> merged_;
  std::map<std::string, Sample, std::less<>> rebuilt_;  // pooled deliveries by event
  std::map<std::string, Sample, std::less<>> columns_;  // one value an event
  std::vector<Grouped> groups_;
  std::vector<Numbers> numbers_;
};

}  // namespace pushlab::results

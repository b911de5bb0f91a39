#include "results/target_sample.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kMsPerNs = 1e-6;

// `count` points evenly between two known quantiles, standing for `weight` deliveries together.
void add_segment(Sample& sample, double from, double to, int count, double weight,
                 std::uint32_t unit) {
  for (int i = 0; i < count; ++i) {
    double const share = (i + 0.5) / count;
    double const value = std::isfinite(to) ? from + share * (to - from) : kInfinity;
    sample.add(value, weight / count, unit);
  }
}

double sum_over(std::vector<json::object const*> const& repetitions, std::string_view path,
                std::vector<std::uint32_t> const& multiplicity) {
  double sum = kNaN;
  for (std::size_t i = 0; i < repetitions.size(); ++i) {
    auto const value = number_at(*repetitions[i], path);
    if (value) sum = (std::isnan(sum) ? 0 : sum) + multiplicity[i] * *value;
  }
  return sum;
}

double mean_over(std::vector<json::object const*> const& repetitions, std::string_view path,
                 std::vector<std::uint32_t> const& multiplicity) {
  double sum = 0;
  double count = 0;
  for (std::size_t i = 0; i < repetitions.size(); ++i) {
    auto const value = number_at(*repetitions[i], path);
    if (!value) continue;
    sum += multiplicity[i] * *value;
    count += multiplicity[i];
  }
  return count > 0 ? sum / count : kNaN;
}

}  // namespace

TargetSample::TargetSample(std::vector<json::object const*> repetitions)
    : repetitions_(std::move(repetitions)), shape_(repetitions_.size()) {
  for (std::uint32_t i = 0; i < repetitions_.size(); ++i) add_repetition(*repetitions_[i], i);
  group_quantiles();
}

void TargetSample::add_repetition(json::object const& repetition, std::uint32_t index) {
  for (auto const& [name, histogram] : object_at(repetition, "histograms")) {
    if (histogram.is_object()) merged_[name].merge(Histogram::from_json(histogram.get_object()));
  }
  std::map<std::string_view, std::size_t> columns;
  for (json::value const& name : array_at(repetition, "event_rows.columns")) {
    if (name.is_string()) columns.emplace(name.get_string(), columns.size());
  }
  for (char const* needed :
       {"lag_ms", "expected", "delivered", "first_ms", "p50_ms", "p90_ms", "last_ms"}) {
    if (!columns.contains(needed)) return;
  }
  for (json::value const& row : array_at(repetition, "event_rows.rows")) {
    if (!row.is_array() || row.get_array().size() < columns.size()) continue;
    add_event(row.get_array(), columns);
    ++shape_[index];
  }
}

void TargetSample::add_event(json::array const& row,
                             std::map<std::string_view, std::size_t> const& columns) {
  auto const at = [&](std::string_view name) {
    json::value const& value = row[columns.at(name)];
    return value.is_number() ? value.to_number<double>() : kInfinity;
  };
  std::uint32_t const unit = events_++;
  double const expected = at("expected");
  double const delivered = at("delivered");
  bool const complete = delivered >= expected;
  double const first = at("first_ms");
  double const last = complete ? at("last_ms") : kInfinity;
  columns_["p50_ms"].add(at("p50_ms"), 1, unit);
  columns_["last_ms"].add(last, 1, unit);
  columns_["last_ms-first_ms"].add(std::isfinite(last) ? last - first : kInfinity, 1, unit);
  for (char const* name : {"latency", "latency_from_send"}) {
    Sample& sample = rebuilt_[name];
    double const since = std::string_view(name) == "latency" ? 0 : at("lag_ms");
    add_segment(sample, first - since, at("p50_ms") - since, 6, delivered * 0.5, unit);
    add_segment(sample, at("p50_ms") - since, at("p90_ms") - since, 5, delivered * 0.4, unit);
    add_segment(sample, at("p90_ms") - since, at("last_ms") - since, 6, delivered * 0.1, unit);
    if (!complete) sample.add(kInfinity, expected - delivered, unit);
  }
}

// Without event rows the repetition is the only unit there is.
Sample TargetSample::histogram_sample(std::string_view name) const {
  Sample sample;
  for (std::uint32_t i = 0; i < repetitions_.size(); ++i) {
    json::object const& json = object_at(object_at(*repetitions_[i], "histograms"), name);
    if (json.empty()) continue;
    Histogram const histogram = Histogram::from_json(json);
    for (auto const& [bucket, count] : histogram.counts()) {
      sample.add(Histogram::midpoint_of(bucket) * kMsPerNs, static_cast<double>(count), i);
    }
    sample.add(kInfinity, static_cast<double>(histogram.undelivered()), i);
  }
  return sample;
}

void TargetSample::group_quantiles() {
  std::map<std::pair<Source, std::string_view>, Grouped> groups;
  for (std::size_t i = 0; i < metrics().size(); ++i) {
    Metric const& metric = metrics()[i];
    if (metric.source != Source::pooled && metric.source != Source::events &&
        metric.source != Source::connections) {
      continue;
    }
    Grouped& group = groups[{metric.source, metric.path}];
    group.qs.push_back(metric.q);  // the registry lists them in ascending order
    group.metric_indices.push_back(i);
  }
  for (auto& [key, group] : groups) {
    auto const& [source, path] = key;
    auto& by_event = source == Source::events ? columns_ : rebuilt_;
    auto const found = by_event.find(path);
    group.by_event = source != Source::connections && found != by_event.end();
    if (group.by_event) {
      group.sample = std::move(found->second);
    } else if (source != Source::events) {
      group.sample = histogram_sample(path);
    }
    group.sample.seal();
    groups_.push_back(std::move(group));
  }
}

std::size_t TargetSample::points() const {
  std::size_t points = 1;
  for (Grouped const& group : groups_) points += group.sample.size();
  return points;
}

double TargetSample::of_repetitions(Metric const& metric, Draw const& draw) const {
  if (metric.source == Source::mean) return mean_over(repetitions_, metric.path, draw.repetitions);
  if (metric.source == Source::sum) return sum_over(repetitions_, metric.path, draw.repetitions);
  auto const slash = metric.path.find('/');
  double const below = sum_over(repetitions_, metric.path.substr(slash + 1), draw.repetitions);
  std::string_view above = metric.path.substr(0, slash);
  double sum = 0;
  while (!above.empty()) {
    auto const plus = std::min(above.find('+'), above.size());
    sum += sum_over(repetitions_, above.substr(0, plus), draw.repetitions);
    above.remove_prefix(std::min(plus + 1, above.size()));
  }
  return below > 0 ? sum / below : kNaN;
}

std::vector<double> TargetSample::evaluate(Draw const& draw) const {
  std::vector<double> values(metrics().size(), kNaN);
  for (Grouped const& group : groups_) {
    auto const found =
        group.sample.quantiles(group.qs, group.by_event ? draw.events : draw.repetitions);
    for (std::size_t i = 0; i < found.size(); ++i) values[group.metric_indices[i]] = found[i];
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    Source const source = metrics()[i].source;
    if (source == Source::mean || source == Source::sum || source == Source::ratio) {
      values[i] = of_repetitions(metrics()[i], draw);
    }
  }
  return values;
}

}  // namespace pushlab::results

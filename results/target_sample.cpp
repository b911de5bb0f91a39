#include "results/target_sample.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>
#include <utility>

#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double ms_per_ns = 1e-6;

// `count` points evenly between two known quantiles, standing for `weight` deliveries together.
void add_segment(Sample& sample, double from, double to, int count, double weight,
                 std::uint32_t unit) {
  for (int i = 0; i < count; ++i) {
    sample.add(from + (i + 0.5) / count * (to - from), weight / count, unit);
  }
}

// What an event row says; the percentiles are over the expected deliveries, infinite = undelivered
// there.
struct Event {
  double expected, delivered, first, p50, p90, last;
};

// Rebuilds the deliveries of one event, `since` ms counted from another moment.
void add_deliveries(Sample& sample, Event const& event, double since, std::uint32_t unit) {
  double left = event.delivered;
  double reached = event.first;
  auto const up_to = [&](double value, double share, int count) {
    if (!std::isfinite(value)) return;
    double const weight = std::min(left, share * event.expected);
    add_segment(sample, reached - since, value - since, count, weight, unit);
    left -= weight;
    reached = value;
  };
  up_to(event.p50, 0.5, 6);
  up_to(event.p90, 0.4, 5);
  up_to(event.last, 0.1, 6);
  if (std::isfinite(reached)) sample.add(reached - since, left, unit);
  sample.add(infinity, event.expected - event.delivered, unit);
}

// "2*a*b": the numbers at these paths multiplied; NaN when one is missing.
double product_at(json::object const& repetition, std::string_view paths) {
  double product = 1;
  while (!paths.empty()) {
    std::string_view const path = paths.substr(0, paths.find('*'));
    double factor = 0;
    auto const [end, error] = std::from_chars(path.data(), path.data() + path.size(), factor);
    bool const literal = error == std::errc{} && end == path.data() + path.size();
    product *= literal ? factor : number_at(repetition, path).value_or(not_a_number);
    paths.remove_prefix(std::min(path.size() + 1, paths.size()));
  }
  return product;
}

// A disruption whose clients did not all come back in time has null there: it took forever.
bool never_reached(json::object const& repetition, std::string_view path) {
  return path.starts_with("recovery.") && !object_at(repetition, "recovery").empty() &&
         !number_at(repetition, path);
}

// "a+2*b": the sum of such products.
double sum_at(json::object const& repetition, std::string_view paths) {
  double sum = 0;
  while (!paths.empty()) {
    auto const plus = std::min(paths.find('+'), paths.size());
    sum += product_at(repetition, paths.substr(0, plus));
    paths.remove_prefix(std::min(plus + 1, paths.size()));
  }
  return sum;
}

}  // namespace

TargetSample::TargetSample(std::vector<json::object const*> repetitions)
    : repetitions_(std::move(repetitions)), shape_(repetitions_.size()) {
  for (std::uint32_t i = 0; i < repetitions_.size(); ++i) add_repetition(*repetitions_[i], i);
  group_quantiles();
  read_numbers();
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
    return value.is_number() ? value.to_number<double>() : infinity;
  };
  std::uint32_t const unit = events_++;
  Event const event{at("expected"), at("delivered"), at("first_ms"),
                    at("p50_ms"),   at("p90_ms"),    at("last_ms")};
  double const lag = std::isfinite(at("lag_ms")) ? at("lag_ms") : 0;  // never sent: nothing arrived
  columns_["p50_ms"].add(event.p50, 1, unit);
  columns_["last_ms"].add(event.last, 1, unit);
  bool const complete = std::isfinite(event.last);
  double const spread = complete ? event.last - event.first : infinity;
  columns_["last_ms-first_ms"].add(spread, 1, unit);
  if (event.p50 > 0) {  // infinite over infinite is infinite here: half of it never came
    columns_["last_ms-first_ms/p50_ms"].add(complete ? spread / event.p50 : infinity, 1, unit);
  }
  add_deliveries(rebuilt_["latency"], event, 0, unit);
  add_deliveries(rebuilt_["latency_from_send"], event, lag, unit);
}

// Without event rows the repetition is the only unit there is.
Sample TargetSample::histogram_sample(std::string_view name) const {
  Sample sample;
  for (std::uint32_t i = 0; i < repetitions_.size(); ++i) {
    json::object const& json = object_at(object_at(*repetitions_[i], "histograms"), name);
    if (json.empty()) continue;
    Histogram const histogram = Histogram::from_json(json);
    for (auto const& [bucket, count] : histogram.counts()) {
      sample.add(Histogram::midpoint_of(bucket) * ms_per_ns, static_cast<double>(count), i);
    }
    sample.add(infinity, static_cast<double>(histogram.undelivered()), i);
  }
  return sample;
}

void TargetSample::group_quantiles() {
  std::map<std::pair<Source, std::string_view>, Grouped> groups;
  for (std::size_t i = 0; i < metrics().size(); ++i) {
    Metric const& metric = metrics()[i];
    if (metric.source == Source::pooled_mean) {
      groups[{Source::pooled, metric.path}].mean_indices.push_back(i);
      continue;
    }
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

void TargetSample::read_numbers() {
  for (std::size_t m = 0; m < metrics().size(); ++m) {
    auto const& [id, title, unit, better, source, path, q, explanation] = metrics()[m];
    if (source != Source::mean && source != Source::sum && source != Source::ratio) continue;
    auto const slash = std::min(path.find('/'), path.size());
    Numbers numbers{m, source, {}, {}};
    for (json::object const* repetition : repetitions_) {
      double const above =
          never_reached(*repetition, path) ? infinity : sum_at(*repetition, path.substr(0, slash));
      double const below =
          source == Source::ratio ? sum_at(*repetition, path.substr(slash + 1)) : 1;
      numbers.above.push_back(std::isnan(below) ? not_a_number : above);
      numbers.below.push_back(below);
    }
    numbers_.push_back(std::move(numbers));
  }
}

std::vector<double> TargetSample::evaluate(Draw const& draw) const {
  std::vector<double> values(metrics().size(), not_a_number);
  for (Grouped const& group : groups_) {
    auto const& multiplicity = group.by_event ? draw.events : draw.repetitions;
    auto const found = group.sample.quantiles(group.qs, multiplicity);
    for (std::size_t i = 0; i < found.size(); ++i) values[group.metric_indices[i]] = found[i];
    for (std::size_t mean : group.mean_indices) values[mean] = group.sample.mean(multiplicity);
  }
  for (Numbers const& numbers : numbers_) {
    double above = 0;
    double below = 0;
    for (std::size_t i = 0; i < numbers.above.size(); ++i) {
      if (std::isnan(numbers.above[i]) || draw.repetitions[i] == 0) continue;
      above += draw.repetitions[i] * numbers.above[i];
      below += draw.repetitions[i] * numbers.below[i];
    }
    if (below > 0)
      values[numbers.metric_index] = numbers.source == Source::sum ? above : above / below;
  }
  return values;
}

}  // namespace pushlab::results

#include "results/target_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "results/metric.hpp"
#include "results/read.hpp"
#include "results/target_sample.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

constexpr double ms_per_ns = 1e-6;

bool from_histogram(Source source) {
  return source == Source::pooled || source == Source::pooled_mean || source == Source::connections;
}

// About 50 million steps at most, and never fewer than 200 replicates.
std::size_t replicate_count(std::size_t points) {
  return std::clamp<std::size_t>(25'000'000 / points, 200, 1000);
}

std::vector<std::vector<double>> replicates(TargetSample const& sample, Level level) {
  std::vector<std::vector<double>> by_metric(metrics().size());
  Resampler resampler(sample.shape(), level);
  std::size_t const count = replicate_count(sample.points());
  for (std::size_t i = 0; i < count; ++i) {
    auto const values = sample.evaluate(resampler.next());
    for (std::size_t m = 0; m < values.size(); ++m) by_metric[m].push_back(values[m]);
  }
  return by_metric;
}

double exact_value(Metric const& metric, TargetSample const& sample, double rebuilt) {
  if (!from_histogram(metric.source)) return rebuilt;
  auto const found = sample.merged().find(metric.path);
  if (found == sample.merged().end() || found->second.population() == 0) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  auto const ns = metric.source == Source::pooled_mean ? found->second.mean()
                                                       : found->second.quantile(metric.q);
  return ns ? *ns * ms_per_ns : std::numeric_limits<double>::infinity();
}

std::string remark(Metric const& metric, TargetFigures const& target, double value) {
  if (std::isnan(value)) return "not measured";
  if (std::isinf(value) && metric.source == Source::mean)
    return "not reached: in at least one repetition the clients did not come back in time";
  if (std::isinf(value)) return "undelivered: so many deliveries were lost that it has no value";
  if (metric.source == Source::pooled && metric.q >= 1)
    return "the largest seen; a longer run finds a larger one";
  double const wanted = events_wanted(metric.q);
  if (metric.source == Source::pooled && static_cast<double>(target.events) < wanted) {
    return fmt::format("from {} events, {:.0f} wanted: an order of magnitude", target.events,
                       wanted);
  }
  if (target.repetitions < 2) return "one repetition: the interval says nothing about other runs";
  return "";
}

}  // namespace

Figure const& TargetFigures::operator[](std::string_view metric_id) const {
  return figures[static_cast<std::size_t>(&metric(metric_id) - metrics().data())];
}

TargetFigures target_figures(json::object const& target) {
  std::vector<json::object const*> const repetitions = measured(target);
  TargetFigures result;
  TargetSample const sample(repetitions);
  result.repetitions = repetitions.size();
  for (std::uint32_t events : sample.shape()) result.events += events;
  result.histograms = sample.merged();
  auto const rebuilt = sample.evaluate(everything_once(sample.shape()));
  auto both = repetitions.empty() ? std::vector<std::vector<double>>(metrics().size())
                                  : replicates(sample, Level::both);
  auto events = repetitions.empty() ? both : replicates(sample, Level::events);
  for (std::size_t i = 0; i < metrics().size(); ++i) {
    Metric const& metric = metrics()[i];
    double value = exact_value(metric, sample, rebuilt[i]);
    bool const unresolved = value < 0;  // memory that shrank while clients connected
    if (unresolved) value = std::numeric_limits<double>::quiet_NaN();
    Figure figure{
        value, {}, {std::move(both[i]), std::move(events[i])}, remark(metric, result, value)};
    double const scale = value / rebuilt[i];
    if (from_histogram(metric.source) && std::isfinite(scale) && scale > 0) {
      for (double& v : figure.replicates.both) v *= scale;
      for (double& v : figure.replicates.events) v *= scale;
    }
    if (unresolved) figure.remark = "too small to be told from other changes: it came out negative";
    figure.range = interval(value, figure.replicates, result.repetitions);
    result.figures.push_back(std::move(figure));
  }
  return result;
}

}  // namespace pushlab::results

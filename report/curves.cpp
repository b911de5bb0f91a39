#include "report/curves.hpp"

#include <algorithm>
#include <cmath>

#include "report/target_look.hpp"
#include "results/format.hpp"
#include "results/histogram.hpp"
#include "results/metric.hpp"
#include "results/read.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::array_at;
using results::number_at;
using results::object_at;
using results::text_at;

namespace {

constexpr double max_nines = 5;
constexpr double axis_step = 0.05;
constexpr double ms_per_ns = 1e-6;

results::Histogram latency_of(json::object const& target) {
  json::object const& histogram = object_at(target, "histograms.latency");
  return histogram.empty() ? results::Histogram{} : results::Histogram::from_json(histogram);
}

// The 95 % interval of a quantile, as factors of its value.
struct Knot {
  double nines, lo, hi;
};

std::vector<Knot> knots(json::object const& target) {
  std::vector<Knot> found;
  for (char const* id : {"latency_p50_ms", "latency_p90_ms", "latency_p99_ms", "latency_p99_9_ms",
                         "latency_p99_99_ms"}) {
    json::object const& figure = results::figure_of(target, id);
    auto const value = number_at(figure, "value");
    auto const lo = number_at(figure, "lo");
    auto const hi = number_at(figure, "hi");
    if (value && lo && hi && *lo > 0 && *hi < 1e9)
      found.push_back({-std::log10(1 - results::metric(id).q), *lo / *value, *hi / *value});
  }
  return found;
}

// Between two quantiles whose intervals are known the band goes over from one to the other.
std::optional<Range> band_at(std::vector<Knot> const& all, double nines, double value) {
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (nines < all[i - 1].nines - 1e-9 || nines > all[i].nines + 1e-9) continue;
    double const share = (nines - all[i - 1].nines) / (all[i].nines - all[i - 1].nines);
    return Range{value * std::lerp(all[i - 1].lo, all[i].lo, share),
                 value * std::lerp(all[i - 1].hi, all[i].hi, share)};
  }
  return std::nullopt;
}

Series latency_line(json::object const& target, std::vector<double> const& nines) {
  results::Histogram const histogram = latency_of(target);
  auto const intervals = knots(target);
  Series series{title_of(target), colour_of(target), {}};
  for (double x : nines) {
    double const beyond = static_cast<double>(histogram.population()) * std::pow(10, -x);
    auto const ns = beyond < 1 ? std::nullopt : histogram.quantile(1 - std::pow(10, -x));
    series.y.push_back(ns ? std::optional(*ns * ms_per_ns) : std::nullopt);
    series.band.push_back(ns ? band_at(intervals, x, *ns * ms_per_ns) : std::nullopt);
  }
  return series;
}

// Powers of ten in equal steps, from a little before the first delivery to the last.
std::vector<double> freshness_axis(std::vector<results::Histogram> const& all) {
  double low = 1e12;
  double high = 0;
  for (results::Histogram const& histogram : all) {
    if (histogram.delivered() == 0) continue;
    low = std::min(low, results::Histogram::midpoint_of(histogram.counts().begin()->first));
    high = std::max(high, results::Histogram::midpoint_of(histogram.counts().rbegin()->first));
  }
  std::vector<double> axis;
  if (high <= 0) return axis;
  double const first = std::floor(std::log10(std::max(low, 1e3) * ms_per_ns) * 2) / 2;
  double const last = std::log10(high * 1.05 * ms_per_ns);
  int const steps = static_cast<int>(std::ceil((last - first) * 24));
  for (int i = 0; i <= steps; ++i)
    axis.push_back(std::pow(10, first + (last - first) * i / std::max(steps, 1)));
  return axis;
}

Series freshness_line(json::object const& target, results::Histogram const& histogram,
                      std::vector<double> const& axis) {
  Series series{title_of(target), colour_of(target), {}};
  auto bucket = histogram.counts().begin();
  std::uint64_t within = 0;
  for (double ms : axis) {
    for (; bucket != histogram.counts().end() &&
           results::Histogram::midpoint_of(bucket->first) * ms_per_ns <= ms;
         ++bucket)
      within += bucket->second;
    series.y.push_back(histogram.population() == 0
                           ? std::nullopt
                           : std::optional(100 * static_cast<double>(within) /
                                           static_cast<double>(histogram.population())));
  }
  return series;
}

}  // namespace

Chart named(Place const& place, std::string const& name, std::string title) {
  Chart chart;
  chart.id = place.prefix + "chart-" + name;
  chart.file = place.file + name;
  chart.title = std::move(title);
  return chart;
}

Chart latency_chart(json::object const& result, Place const& place) {
  Chart chart = named(place, "latency", "How long deliveries took, all targets");
  chart.x_label = "Share of deliveries at least this fast";
  chart.y_label = "Latency (ms, logarithmic)";
  chart.y_unit = "ms";
  chart.logarithmic = true;
  double nines = 1;
  for (json::value const& target : array_at(result, "targets")) {
    auto const population = static_cast<double>(latency_of(target.as_object()).population());
    if (population > 0) nines = std::clamp(std::log10(population), nines, max_nines);
  }
  for (int i = 0; i * axis_step <= nines + 1e-9; ++i)
    chart.x.push_back(std::round(i * axis_step * 100) / 100);
  for (json::value const& target : array_at(result, "targets"))
    chart.series.push_back(latency_line(target.as_object(), chart.x));
  for (auto const& [at, label] : {std::pair(0.30103, "50 %"),
                                  {1.0, "90 %"},
                                  {2.0, "99 %"},
                                  {3.0, "99.9 %"},
                                  {4.0, "99.99 %"},
                                  {5.0, "99.999 %"}}) {
    if (at <= chart.x.back()) chart.x_ticks.push_back({at, label});
  }
  scale(chart);
  return chart;
}

Chart freshness_chart(json::object const& result, Place const& place) {
  Chart chart = named(place, "freshness", "How soon clients were up to date, all targets");
  chart.x_label = "Time since the event (ms, logarithmic)";
  chart.x_unit = "ms";
  chart.y_label = "Clients that have it (%)";
  chart.y_unit = "%";
  chart.logarithmic_x = true;
  chart.y_high = 100;
  for (int share : {0, 25, 50, 75, 100})
    chart.y_ticks.push_back({static_cast<double>(share), std::to_string(share)});
  std::vector<results::Histogram> all;
  for (json::value const& target : array_at(result, "targets"))
    all.push_back(latency_of(target.as_object()));
  chart.x = freshness_axis(all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    chart.series.push_back(
        freshness_line(array_at(result, "targets")[i].as_object(), all[i], chart.x));
  }
  scale(chart);
  return chart;
}

Table freshness_table(json::object const& result) {
  Table table{"Share of deliveries that had arrived, in %", {"Within"}, {}};
  std::vector<Series> lines;
  std::vector<double> const steps{1, 2, 5, 10, 100, 500, 1000, 2000, 5000, 10000};
  for (json::value const& value : array_at(result, "targets")) {
    json::object const& target = value.as_object();
    table.head.push_back(escape(title_of(target)));
    lines.push_back(freshness_line(target, latency_of(target), steps));
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    std::vector<std::string> row{results::quantity(steps[i], "ms")};
    for (Series const& line : lines) row.push_back(line.y[i] ? results::number(*line.y[i]) : "–");
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table latency_table(json::object const& result) {
  Table table{"Latency by percentile, in ms", {"Percentile"}, {}};
  std::vector<results::Histogram> histograms;
  for (json::value const& target : array_at(result, "targets")) {
    table.head.push_back(escape(title_of(target.as_object())));
    histograms.push_back(latency_of(target.as_object()));
  }
  for (auto const& [label, q] : {std::pair("50 %", 0.5),
                                 {"75 %", 0.75},
                                 {"90 %", 0.9},
                                 {"95 %", 0.95},
                                 {"99 %", 0.99},
                                 {"99.9 %", 0.999},
                                 {"99.99 %", 0.9999},
                                 {"slowest", 1.0}}) {
    std::vector<std::string> row{label};
    for (results::Histogram const& histogram : histograms) {
      auto const ns = histogram.quantile(q);
      row.push_back(ns                           ? results::number(*ns * ms_per_ns)
                    : histogram.population() > 0 ? "undelivered"
                                                 : "–");
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace pushlab::report

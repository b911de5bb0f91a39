#include "report/curves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

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

std::string title_of(json::object const& target) {
  return text_at(target, "title", text_at(target, "id"));
}

results::Histogram latency_of(json::object const& target) {
  json::object const& histogram = object_at(target, "histograms.latency");
  return histogram.empty() ? results::Histogram{} : results::Histogram::from_json(histogram);
}

std::vector<Whisker> whiskers(json::object const& target) {
  std::vector<Whisker> found;
  for (char const* id :
       {"latency_p50_ms", "latency_p90_ms", "latency_p99_ms", "latency_p99_9_ms"}) {
    json::object const& figure = results::figure_of(target, id);
    auto const lo = number_at(figure, "lo");
    auto const hi = number_at(figure, "hi");
    double const nines = -std::log10(1 - results::metric(id).q);
    if (lo && hi && *lo > 0 && *hi < 1e9) found.push_back({nines, *lo, *hi});
  }
  return found;
}

using BySecond = std::map<double, std::optional<double>>;
using Combine = std::function<std::optional<double>(std::vector<std::optional<double>> const&)>;

// `member` of every series row, the repetitions of one second combined.
BySecond by_second(json::object const& target, char const* member, Combine const& combine) {
  std::map<double, std::vector<std::optional<double>>> rows;
  for (json::object const* repetition : results::measured(target)) {
    for (json::value const& row : array_at(*repetition, "series")) {
      if (!row.is_object()) continue;
      auto const second = number_at(row.get_object(), "t_s");
      if (second) rows[*second].push_back(number_at(row.get_object(), member));
    }
  }
  BySecond result;
  for (auto const& [second, values] : rows) result[second] = combine(values);
  return result;
}

std::optional<double> worst(std::vector<std::optional<double>> const& values) {
  std::optional<double> result;
  for (auto const& value : values) {
    if (!value) return std::nullopt;  // undelivered in one repetition: the worst has no value
    result = std::max(result.value_or(0), *value);
  }
  return result;
}

std::optional<double> mean(std::vector<std::optional<double>> const& values) {
  double sum = 0;
  for (auto const& value : values) sum += value.value_or(0);
  return values.empty() ? std::nullopt : std::optional(sum / static_cast<double>(values.size()));
}

Chart over_time(json::object const& result, std::string const& id, char const* member,
                Combine const& combine) {
  Chart chart;
  chart.id = id;
  chart.x_label = "Second of the measured phase";
  chart.x_unit = "s";
  std::vector<BySecond> lines;
  std::map<double, bool> seconds;
  for (json::value const& target : array_at(result, "targets")) {
    lines.push_back(by_second(target.as_object(), member, combine));
    for (auto const& [second, value] : lines.back()) seconds[second] = true;
  }
  for (auto const& [second, seen] : seconds) chart.x.push_back(second);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    Series series{title_of(array_at(result, "targets")[i].as_object()), i, {}, {}};
    for (double second : chart.x) {
      auto const found = lines[i].find(second);
      series.y.push_back(found == lines[i].end() ? std::nullopt : found->second);
    }
    chart.series.push_back(std::move(series));
  }
  return chart;
}

}  // namespace

Chart latency_chart(json::object const& result, std::string const& id) {
  Chart chart;
  chart.id = id;
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
  std::size_t colour = 0;
  for (json::value const& value : array_at(result, "targets")) {
    json::object const& target = value.as_object();
    results::Histogram const histogram = latency_of(target);
    Series series{title_of(target), colour++, {}, whiskers(target)};
    for (double x : chart.x) {
      double const beyond = static_cast<double>(histogram.population()) * std::pow(10, -x);
      auto const ns = beyond < 1 ? std::nullopt : histogram.quantile(1 - std::pow(10, -x));
      series.y.push_back(ns ? std::optional(*ns * ms_per_ns) : std::nullopt);
    }
    std::erase_if(series.whiskers, [&](Whisker const& w) { return w.x > chart.x.back(); });
    chart.series.push_back(std::move(series));
  }
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

Chart latency_over_time(json::object const& result, std::string const& id) {
  Chart chart = over_time(result, id, "latency_ms_p99", worst);
  chart.y_label = "p99 latency (ms, logarithmic)";
  chart.y_unit = "ms";
  chart.logarithmic = true;
  scale(chart);
  return chart;
}

Chart deliveries_over_time(json::object const& result, std::string const& id) {
  Chart chart = over_time(result, id, "deliveries", mean);
  chart.y_label = "Deliveries per second";
  scale(chart);
  return chart;
}

Table time_table(Chart const& chart, std::string const& caption) {
  Table table{caption, {"Second"}, {}};
  for (Series const& series : chart.series) table.head.push_back(escape(series.label));
  for (std::size_t i = 0; i < chart.x.size(); ++i) {
    std::vector<std::string> row{results::number(chart.x[i])};
    for (Series const& series : chart.series)
      row.push_back(series.y[i] ? results::number(*series.y[i]) : "–");
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace pushlab::report

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "report/curves.hpp"
#include "report/target_look.hpp"
#include "results/format.hpp"
#include "results/read.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::array_at;
using results::number_at;

namespace {

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

Chart over_time(Chart chart, json::object const& result, char const* member,
                Combine const& combine) {
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
    json::object const& target = array_at(result, "targets")[i].as_object();
    Series series{title_of(target), colour_of(target), {}};
    for (double second : chart.x) {
      auto const found = lines[i].find(second);
      series.y.push_back(found == lines[i].end() ? std::nullopt : found->second);
    }
    chart.series.push_back(std::move(series));
  }
  return chart;
}

}  // namespace

Chart latency_over_time(json::object const& result, Place const& place) {
  Chart chart = over_time(named(place, "latency-time", "Latency, second by second"), result,
                          "latency_ms_p99", worst);
  chart.y_label = "p99 latency (ms, logarithmic)";
  chart.y_unit = "ms";
  chart.logarithmic = true;
  scale(chart);
  return chart;
}

Chart deliveries_over_time(json::object const& result, Place const& place) {
  Chart chart = over_time(named(place, "deliveries-time", "Deliveries, second by second"), result,
                          "deliveries", mean);
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

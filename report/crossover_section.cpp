#include <fmt/format.h>

#include <algorithm>

#include "report/decision.hpp"
#include "report/markup.hpp"
#include "report/sections.hpp"
#include "results/format.hpp"
#include "results/read.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::array_at;
using results::number_at;
using results::text_at;

namespace {

using Points = std::vector<std::pair<double, double>>;

Points points_of(json::object const& curve) {
  Points points;
  for (json::value const& value : array_at(curve, "points")) {
    if (!value.is_array() || value.get_array().size() != 2) continue;
    auto const& pair = value.get_array();
    if (pair[0].is_number() && pair[1].is_number())
      points.emplace_back(pair[0].to_number<double>(), pair[1].to_number<double>());
  }
  return points;
}

// Powers of ten where the values span more than one.
bool wide(std::vector<double> const& values) {
  if (values.empty()) return false;
  auto const [low, high] = std::ranges::minmax(values);
  return low > 0 && high / low > 10;
}

void add_places(Chart& chart, std::vector<Points> const& curves) {
  std::vector<double> heights;
  for (Points const& points : curves) {
    for (auto const& [x, y] : points) {
      chart.x.push_back(x);
      heights.push_back(y);
    }
  }
  std::ranges::sort(chart.x);
  auto const rest = std::ranges::unique(chart.x);
  chart.x.erase(rest.begin(), rest.end());
  chart.logarithmic_x = wide(chart.x);
  chart.logarithmic = wide(heights);
}

Chart crossover_chart(json::object const& crossover) {
  Chart chart;
  auto const id = text_at(crossover, "id", "unnamed");
  chart.id = "crossover-" + id;
  chart.file = chart.id;
  chart.title = text_at(crossover, "question", id);
  chart.sparse = true;
  std::vector<Points> curves;
  for (json::value const& curve : array_at(crossover, "curves"))
    curves.push_back(points_of(curve.as_object()));
  add_places(chart, curves);
  chart.x_unit = text_at(crossover, "x_unit");
  chart.x_label = chart.x_unit + (chart.logarithmic_x ? " (logarithmic)" : "");
  chart.y_label =
      text_at(crossover, "y_unit", "cost") + (chart.logarithmic ? " (logarithmic)" : "");
  for (std::size_t i = 0; i < curves.size(); ++i) {
    Series series{text_at(array_at(crossover, "curves")[i].as_object(), "label"), i, {}};
    for (double x : chart.x) {
      auto const at = std::ranges::find(curves[i], x, &std::pair<double, double>::first);
      series.y.push_back(at == curves[i].end() ? std::nullopt : std::optional(at->second));
    }
    chart.series.push_back(std::move(series));
  }
  if (auto const x = number_at(crossover, "x"); x && !chart.x.empty()) {
    chart.marks = {{*x, number_at(crossover, "lo").value_or(chart.x.front()),
                    number_at(crossover, "hi").value_or(chart.x.back())}};
  }
  scale(chart);
  return chart;
}

Table crossover_table(Chart const& chart) {
  Table table{chart.y_label, {escape(chart.x_unit)}, {}};
  for (Series const& series : chart.series) table.head.push_back(escape(series.label));
  for (std::size_t i = 0; i < chart.x.size(); ++i) {
    std::vector<std::string> row{results::number(chart.x[i])};
    for (Series const& series : chart.series)
      row.push_back(series.y[i] ? results::number(*series.y[i]) : "–");
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

std::string crossover_section(json::object const& decision, std::vector<Chart>& charts) {
  std::string body;
  std::size_t number = 0;
  for (json::value const& value : array_at(decision, "crossovers")) {
    json::object const& crossover = value.as_object();
    charts.push_back(crossover_chart(crossover));
    std::string const origin = fmt::format(
        "<p class=\"trace\">In result.json: <code>crossovers[{}]</code>, from the targets of the "
        "experiments.</p>\n",
        number++);
    body += fmt::format("<p class=\"finding\">{}</p>\n", escape(text_at(crossover, "sentence"))) +
            figure(charts.back(), crossover_table(charts.back()), origin);
  }
  if (body.empty()) return body;
  return section(2, "crossovers", "Where another choice becomes cheaper",
                 "<p>Dots were measured. The upright line is where the curves cross, the shade "
                 "beside it the 95 % interval.</p>\n" +
                     body);
}

}  // namespace pushlab::report

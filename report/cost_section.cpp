#include <fmt/format.h>

#include <array>

#include "report/bars.hpp"
#include "report/markup.hpp"
#include "report/sections.hpp"
#include "results/format.hpp"
#include "results/metric.hpp"
#include "results/read.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::array_at;
using results::number_at;

namespace {

Table cost_table(json::object const& result) {
  json::array const& targets = array_at(result, "targets");
  Table table{"What each delivery and each connection costs", {"Target"}, {}};
  auto const metrics = cost_metrics(result);
  for (std::string_view id : metrics) table.head.push_back(escape(results::metric(id).title));
  table.head.push_back(escape(results::metric("useless_request_share").title));
  for (json::value const& target : targets) {
    std::vector<std::string> row{target_markup(target.as_object())};
    for (std::string_view id : metrics) row.push_back(figure_markup(target.as_object(), id));
    row.push_back(figure_markup(target.as_object(), "useless_request_share"));
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

std::string cost_figure(json::object const& result, Place const& place) {
  std::string body = fmt::format(
      "<figure class=\"costs\" id=\"{}chart-costs\"><div class=\"grid\">\n", escape(place.prefix));
  for (std::string_view id : cost_metrics(result)) body += markup(metric_bars(result, id));
  for (Bars const& bars : money_bars(result)) body += markup(bars);
  return body + "</div>\n" +
         data_details("The figures of these charts", cost_table(result),
                      trace(result, place, "targets[*].figures, from targets[*].repetitions[*]")) +
         "</figure>\n";
}

std::string cost_section(json::object const& result, Place const& place) {
  return section(place.level, place.prefix + "cost", "What it costs",
                 "<p>Shorter is cheaper. The thin line over a bar is the 95 % interval.</p>\n" +
                     cost_figure(result, place));
}

std::string delivery_section(json::object const& result, Place const& place) {
  constexpr auto count_metrics = std::to_array<std::string_view>(
      {"lost", "duplicates", "out_of_order", "unentitled", "connect_failures", "disconnects"});
  Table table{
      "Deliveries that went wrong, over all repetitions", {"Target", "Expected", "Delivered"}, {}};
  for (std::string_view id : count_metrics) table.head.push_back(escape(results::metric(id).title));
  for (json::value const& value : array_at(result, "targets")) {
    json::object const& target = value.as_object();
    double expected = 0;
    double delivered = 0;
    for (json::object const* repetition : results::measured(target)) {
      expected += number_at(*repetition, "expected").value_or(0);
      delivered += number_at(*repetition, "delivered").value_or(0);
    }
    std::vector<std::string> row{target_markup(target), results::quantity(expected, ""),
                                 results::quantity(delivered, "")};
    for (std::string_view id : count_metrics) {
      row.push_back(escape(results::quantity(results::figure_of(target, id), results::metric(id))));
    }
    table.rows.push_back(std::move(row));
  }
  return section(place.level, place.prefix + "delivery", "Did everything arrive?",
                 "<p>Every event was expected at every subscribed client, once and in order. A "
                 "target that lost "
                 "deliveries cannot win, however fast the rest was.</p>\n" +
                     markup(table) + trace_details(result, place, "targets[*].repetitions[*]"));
}

}  // namespace pushlab::report

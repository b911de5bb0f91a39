#include <fmt/format.h>

#include <algorithm>
#include <array>

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

constexpr auto cost_metrics = std::to_array<std::string_view>(
    {"server_cpu_us_per_delivery", "bytes_per_delivery", "memory_kib_per_connection",
     "kernel_kib_per_connection", "useless_requests", "connect_ms_p99"});

double largest(json::array const& targets, std::string_view id) {
  double most = 0;
  for (json::value const& target : targets) {
    json::object const& figure = results::figure_of(target.as_object(), id);
    double const value = number_at(figure, "value").value_or(0);
    most = std::max({most, value, std::min(number_at(figure, "hi").value_or(0), 3 * value)});
  }
  return most;
}

std::string bar(json::object const& target, std::string_view id, std::size_t colour, double most) {
  json::object const& figure = results::figure_of(target, id);
  auto const value = number_at(figure, "value");
  auto const lo = number_at(figure, "lo");
  auto const hi = number_at(figure, "hi");
  auto const percent = [&](double v) { return std::min(100.0, most > 0 ? v / most * 100 : 0); };
  std::string track;
  if (value)
    track = fmt::format("<span class=\"fill s{}\" style=\"width:{:.2f}%\"></span>", colour % 8,
                        percent(*value));
  if (lo && hi && *hi > *lo) {
    track += fmt::format("<span class=\"range\" style=\"left:{:.2f}%;width:{:.2f}%\"></span>",
                         percent(*lo), percent(*hi) - percent(*lo));
  }
  return fmt::format(
      "<div class=\"bar\"><span class=\"name\">{}</span><span class=\"track\">{}</span>"
      "<span class=\"value\">{}</span></div>\n",
      escape(results::text_at(target, "title", results::text_at(target, "id"))), track,
      figure_markup(target, id));
}

std::string bars(json::array const& targets, std::string_view id) {
  results::Metric const& metric = results::metric(id);
  std::string text =
      fmt::format("<div class=\"bars\"><h4>{}{}</h4><p>{}</p>\n", escape(metric.title),
                  metric.unit.empty() ? "" : fmt::format(" <span>({})</span>", escape(metric.unit)),
                  escape(metric.explanation));
  double const most = largest(targets, id);
  for (std::size_t i = 0; i < targets.size(); ++i) text += bar(targets[i].as_object(), id, i, most);
  return text + "</div>\n";
}

Table cost_table(json::array const& targets) {
  Table table{"What each delivery and each connection costs", {"Target"}, {}};
  for (std::string_view id : cost_metrics) table.head.push_back(escape(results::metric(id).title));
  table.head.push_back(escape(results::metric("useless_request_share").title));
  for (std::size_t i = 0; i < targets.size(); ++i) {
    std::vector<std::string> row{target_markup(targets[i].as_object(), i)};
    for (std::string_view id : cost_metrics)
      row.push_back(figure_markup(targets[i].as_object(), id));
    row.push_back(figure_markup(targets[i].as_object(), "useless_request_share"));
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

std::string cost_section(json::object const& result, Place const& place) {
  json::array const& targets = array_at(result, "targets");
  std::string body =
      "<p>Shorter is cheaper. The thin line over a bar is the 95 % interval.</p>\n"
      "<figure class=\"costs\"><div class=\"grid\">\n";
  for (std::string_view id : cost_metrics) body += bars(targets, id);
  body +=
      "</div>\n" + data_details("The figures of these charts", cost_table(targets)) + "</figure>\n";
  return section(place.level, place.prefix + "cost", "What it costs", body);
}

std::string delivery_section(json::object const& result, Place const& place) {
  constexpr auto count_metrics = std::to_array<std::string_view>(
      {"lost", "duplicates", "out_of_order", "connect_failures", "disconnects"});
  Table table{
      "Deliveries that went wrong, over all repetitions", {"Target", "Expected", "Delivered"}, {}};
  for (std::string_view id : count_metrics) table.head.push_back(escape(results::metric(id).title));
  json::array const& targets = array_at(result, "targets");
  for (std::size_t i = 0; i < targets.size(); ++i) {
    json::object const& target = targets[i].as_object();
    double expected = 0;
    double delivered = 0;
    for (json::object const* repetition : results::measured(target)) {
      expected += number_at(*repetition, "expected").value_or(0);
      delivered += number_at(*repetition, "delivered").value_or(0);
    }
    std::vector<std::string> row{target_markup(target, i), results::quantity(expected, ""),
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
                     markup(table));
}

}  // namespace pushlab::report

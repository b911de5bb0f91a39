#include <fmt/format.h>

#include "report/curves.hpp"
#include "report/markup.hpp"
#include "report/sections.hpp"

namespace pushlab::report {

namespace json = boost::json;

namespace {

std::string legend(Chart const& chart) {
  std::string text = "<ul class=\"legend\">";
  for (Series const& series : chart.series) {
    text += fmt::format(
        "<li><svg class=\"s{}\" viewBox=\"0 0 28 8\" aria-hidden=\"true\"><path class=\"line\" "
        "d=\"M1 4H27\"/></svg>{}</li>",
        series.colour % 8, escape(series.label));
  }
  return text + "</ul>";
}

std::string figure(Chart const& chart, std::string_view caption, Table const& data) {
  return fmt::format(
      "<figure id=\"{}\"><figcaption>{}</figcaption>{}\n<div class=\"plot\" "
      "data-chart=\"{}\">{}</div>\n{}"
      "</figure>\n",
      escape(chart.id), caption, legend(chart), escape(chart.id), still_chart(chart),
      data_details("The figures of this chart", data));
}

}  // namespace

std::string latency_section(json::object const& result, Place const& place,
                            std::vector<Chart>& charts) {
  charts.push_back(latency_chart(result, place.prefix + "chart-latency"));
  std::string const body =
      "<p>Lower is better. The further right, the rarer the delivery: at 99.9 % only one in a "
      "thousand was slower. "
      "The vertical scale is logarithmic, each labelled step a multiple; bars mark 95 % intervals. "
      "A line "
      "ends with the target's last delivery, or where its lost deliveries begin.</p>\n" +
      figure(charts.back(), "How long deliveries took, all targets", latency_table(result));
  return section(place.level, place.prefix + "latency", "How fast, and how reliably fast", body);
}

std::string time_section(json::object const& result, Place const& place,
                         std::vector<Chart>& charts) {
  Chart const latency = latency_over_time(result, place.prefix + "chart-latency-time");
  Chart const deliveries = deliveries_over_time(result, place.prefix + "chart-deliveries-time");
  charts.push_back(latency);
  charts.push_back(deliveries);
  std::string const body =
      "<p>Steady lines mean that the targets held the load. Latency is that of the worst "
      "repetition in each second, "
      "deliveries are the mean of the repetitions; targets that kept up lie on one line. A gap in "
      "a latency line is a second in which "
      "deliveries were lost.</p>\n" +
      figure(latency, "Latency, second by second",
             time_table(latency, "p99 latency in ms, worst repetition")) +
      figure(deliveries, "Deliveries, second by second",
             time_table(deliveries, "Deliveries per second, mean of repetitions"));
  return section(place.level, place.prefix + "time", "Over time", body);
}

}  // namespace pushlab::report

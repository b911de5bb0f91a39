#include <fmt/format.h>

#include <algorithm>

#include "report/curves.hpp"
#include "report/markup.hpp"
#include "report/sections.hpp"
#include "report/target_look.hpp"
#include "results/read.hpp"

namespace pushlab::report {

namespace json = boost::json;

std::string legend(Chart const& chart) {
  std::string text = "<ul class=\"legend\">";
  for (Series const& series : chart.series) {
    text += fmt::format(
        "<li><svg class=\"s{}\" viewBox=\"0 0 28 8\" aria-hidden=\"true\"><path class=\"line\" "
        "d=\"M1 4H27\"/></svg>{}</li>",
        series.colour, escape(series.label));
  }
  return text + "</ul>";
}

std::string figure(Chart const& chart, Table const& data, std::string_view origin) {
  return fmt::format(
      "<figure id=\"{0}\"><figcaption>{1}<a class=\"anchor\" href=\"#{0}\" "
      "aria-label=\"Link to this figure\">#</a></figcaption>{2}\n"
      "<div class=\"plot\" data-chart=\"{0}\">{3}</div>\n{4}</figure>\n",
      escape(chart.id), escape(chart.title), legend(chart), still_chart(chart),
      data_details("The figures of this chart", data, origin));
}

std::string latency_section(json::object const& result, Place const& place,
                            std::vector<Chart>& charts) {
  charts.push_back(latency_chart(result, place));
  bool const has_floor =
      std::ranges::any_of(results::array_at(result, "targets"),
                          [](json::value const& target) { return is_floor(target.as_object()); });
  std::string const body =
      fmt::format(
          "<p>Lower is better. The further right, the rarer the delivery: at 99.9 % only one in a "
          "thousand was slower. The vertical scale is logarithmic, each labelled step a multiple; "
          "the shade round a line is the 95 % interval. A line ends with the target's last "
          "delivery, or where its lost deliveries begin.{}</p>\n",
          has_floor ? " The grey line is the floor: a server that does nothing but send, so what "
                      "this machine and the load generator take by themselves."
                    : "") +
      figure(charts.back(), latency_table(result),
             trace(result, place, "targets[*].repetitions[*].histograms.latency"));
  return section(place.level, place.prefix + "latency", "How fast, and how reliably fast", body);
}

std::string freshness_section(json::object const& result, Place const& place,
                              std::vector<Chart>& charts) {
  charts.push_back(freshness_chart(result, place));
  std::string const body =
      "<p>Further left is better. An event happens at the left edge; the line says which share of "
      "the clients has it by then. The time is logarithmic, each labelled step a multiple. A line "
      "that ends below 100 % has lost deliveries.</p>\n" +
      figure(charts.back(), freshness_table(result),
             trace(result, place, "targets[*].repetitions[*].histograms.latency"));
  return section(place.level, place.prefix + "freshness", "When clients were up to date", body);
}

std::string time_section(json::object const& result, Place const& place,
                         std::vector<Chart>& charts) {
  Chart const latency = latency_over_time(result, place);
  Chart const deliveries = deliveries_over_time(result, place);
  charts.push_back(latency);
  charts.push_back(deliveries);
  std::string const origin = trace(result, place, "targets[*].repetitions[*].series");
  std::string const body =
      "<p>Steady lines mean that the targets held the load. Latency is that of the worst "
      "repetition in each second, deliveries are the mean of the repetitions; targets that kept up "
      "lie on one line. A gap in a latency line is a second in which deliveries were lost.</p>\n" +
      figure(latency, time_table(latency, "p99 latency in ms, worst repetition"), origin) +
      figure(deliveries, time_table(deliveries, "Deliveries per second, mean of repetitions"),
             origin);
  return section(place.level, place.prefix + "time", "Over time", body);
}

}  // namespace pushlab::report

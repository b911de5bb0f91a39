#include "report/gate_page.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "report/content.hpp"
#include "report/gate_plot.hpp"
#include "report/gate_words.hpp"
#include "report/markup.hpp"
#include "report/sections.hpp"
#include "results/format.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::GatedTarget;
using results::GateReport;
using results::GateVerdict;

namespace {

std::string badge(GateVerdict verdict) {
  constexpr std::string_view marks[]{"✓", "✕", "?", "!"};
  return fmt::format("<span class=\"verdict {0}\">{1} {0}</span>", name_of(verdict),
                     marks[static_cast<std::size_t>(verdict)]);
}

std::string_view headline(GateVerdict verdict) {
  switch (verdict) {
    case GateVerdict::pass:
      return "No regression";
    case GateVerdict::fail:
      return "A regression";
    case GateVerdict::undecided:
      return "Neither a regression nor surely none";
    case GateVerdict::invalid:
      return "The measurement is invalid";
  }
  return {};
}

std::string fact(std::string_view name, std::string_view value) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, escape(value));
}

std::string points(std::vector<std::string> const& sentences) {
  std::string text;
  for (auto const& one : sentences) text += fmt::format("<li>{}</li>\n", escape(one));
  return text.empty() ? text : "<ul class=\"points\">\n" + text + "</ul>\n";
}

std::string header(GateReport const& report) {
  auto text = fmt::format(
      "<header><p class=\"eyebrow\">pushlab gate · {}</p>\n<h1>{}</h1>\n"
      "<p class=\"lead\">{} {}</p>\n<dl class=\"basis\">\n",
      escape(started({{"run", {{"started", report.started}}}})), headline(report.verdict),
      badge(report.verdict), escape(gate_reason(report)));
  text += fact("Head, what is judged", gate_side(report.head, report.head_version));
  text += fact("Base, what it is held against", gate_side(report.base, report.base_version));
  text += fact("Scenario", report.scenario);
  text += fact("Took", results::quantity(report.duration_s, "s"));
  text += "</dl></header>\n";
  auto const steps = gate_next_steps(report);
  return steps.empty() ? text : text + section(2, "next", "What to do next", points(steps));
}

std::string limits(results::GatedMetric const& metric) {
  if (!metric.tolerance && !metric.limit) return "–";
  return gate_share(metric.tolerance) + " / " + gate_share(metric.limit);
}

Table figures(GatedTarget const& target) {
  Table table{
      "Typical values of the restarts. Bounds are one-sided; what is surely above the first "
      "limit fails, what is surely below the second passes",
      {"Metric", "Verdict", "Base", "Head", "Change", "Limits", "Restarts", "Why"},
      {},
      {1, 7}};
  for (auto const& metric : target.metrics) {
    auto const bounds = gate_bounds(metric);
    table.rows.push_back(
        {escape(metric.title), badge(metric.verdict), escape(gate_amount(metric.base, metric.unit)),
         escape(gate_amount(metric.head, metric.unit)),
         gate_change(metric.effect) + (bounds.empty() ? "" : "<small>" + bounds + "</small>"),
         limits(metric), std::to_string(metric.restarts), escape(metric.reason)});
  }
  return table;
}

std::string target_section(GatedTarget const& target, std::size_t index) {
  auto body = fmt::format("<p>{} {} restart{}, {} discarded as invalid, {}.</p>\n",
                          badge(target.verdict), target.restarts, target.restarts == 1 ? "" : "s",
                          target.discarded, results::quantity(target.duration_s, "s"));
  body += points(target.invalid) + gate_plot(target);
  body += target.metrics.empty() ? "<p>Nothing was measured.</p>\n" : markup(figures(target));
  if (!target.raw.empty())
    body += fmt::format(
        "<details><summary>Every restart’s values</summary><pre tabindex=\"0\">{}"
        "</pre></details>\n",
        escape(json::serialize(target.raw)));
  return section(2, fmt::format("target-{}", index), target.title, body);
}

std::string facts_section(GateReport const& report) {
  json::object const measured{{"machine", report.machine}, {"run", {{"pushlab", report.pushlab}}}};
  return section(2, "facts", "Where and with what",
                 "<dl class=\"facts\">\n" + fact("Gate", report.id) +
                     fact("Seed", std::to_string(report.seed)) + "</dl>\n" +
                     machine_facts(measured));
}

}  // namespace

std::string gate_page(GateReport const& report) {
  std::string body = header(report);
  for (std::size_t i = 0; i < report.targets.size(); ++i)
    body += target_section(report.targets[i], i);
  return page(std::string(headline(report.verdict)), body + facts_section(report),
              "<footer><p>Written by pushlab. This page is complete in itself and loads nothing."
              "</p></footer>\n");
}

}  // namespace pushlab::report

#include "report/gate_markdown.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "report/gate_words.hpp"
#include "report/markdown.hpp"
#include "report/markup.hpp"
#include "results/format.hpp"

namespace pushlab::report {

namespace json = boost::json;
using markdown::plain;
using results::GatedMetric;
using results::GatedTarget;
using results::GateReport;
using results::GateVerdict;

namespace {

// GitHub takes 1 MiB of a step; long before that nobody reads it.
constexpr std::size_t most_bytes = 200'000;

std::string_view mark(GateVerdict verdict) {
  constexpr std::string_view marks[]{"✅", "❌", "⚠️", "⛔"};
  return marks[static_cast<std::size_t>(verdict)];
}

std::string verdict_cell(GateVerdict verdict) {
  return fmt::format("{} {}", mark(verdict), name_of(verdict));
}

std::string metric_table(GatedTarget const& target) {
  markdown::Table table{
      {"Metric", "Base", "Head", "Change", "Fails above", "Passes below", "Verdict"},
      {},
      {1, 2, 3, 4, 5}};
  for (auto const& metric : target.metrics) {
    auto const bounds = gate_bounds(metric);
    table.rows.push_back({plain(metric.title), plain(gate_amount(metric.base, metric.unit)),
                          plain(gate_amount(metric.head, metric.unit)),
                          gate_change(metric.effect) + (bounds.empty() ? "" : " " + plain(bounds)),
                          gate_share(metric.tolerance), gate_share(metric.limit),
                          verdict_cell(metric.verdict)});
  }
  return markdown::text(table);
}

std::string reasons(GatedTarget const& target) {
  std::string text;
  for (auto const& why : target.invalid) text += fmt::format("- {}\n", plain(why));
  for (auto const& metric : target.metrics) {
    if (metric.verdict != GateVerdict::pass)
      text += fmt::format("- **{}** {}: {}\n", name_of(metric.verdict), plain(metric.title),
                          plain(metric.reason));
  }
  return text.empty() ? text : text + '\n';
}

std::string target_part(GatedTarget const& target) {
  return fmt::format(
      "### {}: {}\n\n{}{}{} restart{}, {} discarded as invalid, {} s.\n\n", plain(target.title),
      name_of(target.verdict),
      target.metrics.empty() ? "Nothing was measured.\n\n" : metric_table(target) + '\n',
      reasons(target), target.restarts, target.restarts == 1 ? "" : "s", target.discarded,
      results::number(target.duration_s));
}

std::string next_steps(GateReport const& report) {
  auto const steps = gate_next_steps(report);
  if (steps.empty()) return {};
  std::string text = "### What to do next\n\n";
  for (auto const& step : steps) text += "- " + plain(step) + '\n';
  return text + '\n';
}

// As HTML, because Markdown inside of <details> depends on blank lines that values might break.
std::string folded(std::string_view summary, json::value const& value) {
  return fmt::format("<details><summary>{}</summary>\n<pre>{}</pre>\n</details>\n\n",
                     escape(summary), escape(json::serialize(value)));
}

std::string facts(GateReport const& report) {
  return folded("Raw facts: gate, machine, build",
                {{"id", report.id},
                 {"started", report.started},
                 {"scenario", report.scenario},
                 {"seed", report.seed},
                 {"base", {{"name", report.base}, {"version", report.base_version}}},
                 {"head", {{"name", report.head}, {"version", report.head_version}}},
                 {"duration_s", report.duration_s},
                 {"machine", report.machine},
                 {"pushlab", report.pushlab}});
}

}  // namespace

std::string gate_markdown(GateReport const& report) {
  constexpr std::string_view cut = "\nThe rest is too long for this place: see gate.json.\n";
  std::vector<std::string> parts{
      fmt::format("**{}**\n\nHead {} against base {}, {}.\n\n", plain(gate_sentence(report)),
                  plain(gate_side(report.head, report.head_version)),
                  plain(gate_side(report.base, report.base_version)), plain(report.scenario))};
  for (auto const& target : report.targets) parts.push_back(target_part(target));
  parts.push_back(next_steps(report));
  parts.push_back(facts(report));
  for (auto const& target : report.targets)
    if (!target.raw.empty()) parts.push_back(folded("Raw values: " + target.title, target.raw));
  auto text =
      fmt::format("## pushlab gate: {} {}\n\n", mark(report.verdict), name_of(report.verdict));
  for (auto const& part : parts) {
    if (text.size() + part.size() + cut.size() > most_bytes) return text + std::string(cut);
    text += part;
  }
  return text;
}

}  // namespace pushlab::report

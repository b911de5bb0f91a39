#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/markdown.hpp"
#include "report/record_parts.hpp"
#include "results/experiment.hpp"
#include "results/format.hpp"
#include "results/read.hpp"

namespace pushlab::report {

namespace json = boost::json;
using markdown::plain;
using markdown::wrapped;
using results::array_at;
using results::number_at;
using results::object_at;
using results::quantity;
using results::text_at;

namespace {

std::string interval_text(json::object const& figure, double factor) {
  auto const lo = number_at(figure, "lo");
  auto const hi = number_at(figure, "hi");
  if (!lo || *lo == hi) return "";
  return hi ? fmt::format(" ({} to {})", results::number(*lo * factor),
                          results::number(*hi * factor))
            : fmt::format(" ({} or more)", results::number(*lo * factor));
}

std::string check_text(json::object const& check) {
  auto text = text_at(check, "sentence");
  if (text.empty() && number_at(check, "value"))
    text = measured_text(check, text_at(check, "unit"));
  return text;
}

bool is_missing(json::value const& check) {
  return text_at(check.as_object(), "outcome") == "missing";
}

// What decided: the sentences of the checks that were measured, or why there are none.
std::string figure_of_claim(json::object const& claim) {
  std::string text;
  auto const& checks = array_at(claim, "checks");
  bool const nothing = std::ranges::all_of(checks, is_missing);
  for (auto const& check : checks) {
    if (!nothing && is_missing(check)) continue;
    auto const one = check_text(check.as_object());
    if (!one.empty()) text += (text.empty() ? "" : " ") + plain(one);
  }
  if (!text.empty()) return text;
  return plain(text_at(claim, "reason", text_at(claim, "not_testable")));
}

std::string verdict_text(json::object const& claim) {
  auto const on = text_at(claim, "depends_on");
  auto const verdict = text_at(claim, "verdict", "not judged");
  return on.empty() ? verdict : fmt::format("{}: {}", verdict, plain(on));
}

std::string short_hash(std::string const& hash) {
  return fmt::format("`{}`", hash.substr(0, 12));
}

// "; 6 more of sse and websocket", where a claim was undecided
std::string extension_of(json::object const& run, std::string_view name) {
  for (json::value const& value : array_at(run, "experiments")) {
    json::object const& extended = results::object_at(value.as_object(), "extended");
    if (text_at(value.as_object(), "name") != name || extended.empty()) continue;
    std::vector<std::string> targets;
    for (json::value const& target : array_at(extended, "targets"))
      targets.emplace_back(target.as_string());
    return fmt::format("; {:.0f} more of {}", number_at(extended, "blocks").value_or(0),
                       results::list(targets));
  }
  return "";
}

std::string experiments_table(json::object const& run) {
  markdown::Table table{{"Experiment", "Load", "Seed", "Scenario"}, {}, {}};
  for (auto const& [name, result] : results::experiments_of(run))
    table.rows.push_back({plain(name), plain(results::load(*result) + extension_of(run, name)),
                          fmt::format("{:.0f}", number_at(*result, "scenario.seed").value_or(0)),
                          short_hash(text_at(*result, "scenario.sha256"))});
  return markdown::text(table);
}

std::string machine_text(json::object const& machine) {
  std::vector<std::string> parts;
  auto const add = [&](std::string const& text) {
    if (!text.empty()) parts.push_back(text);
  };
  add(text_at(machine, "cpu_model"));
  if (auto const cores = number_at(machine, "cores")) add(fmt::format("{} cores", *cores));
  if (auto const memory = number_at(machine, "memory_kib"))
    add(fmt::format("{} GiB of memory", results::number(*memory / 1024 / 1024)));
  add(text_at(machine, "os"));
  if (auto const kernel = text_at(machine, "kernel"); !kernel.empty()) add("Linux " + kernel);
  if (auto const guest = text_at(machine, "hypervisor"); !guest.empty())
    add("hypervisor: " + guest);
  if (auto const steal = number_at(machine, "steal_share"))
    add(fmt::format("{} taken by other guests", quantity(*steal, "share")));
  if (auto const other = number_at(machine, "other_cpu_share"))
    add(fmt::format("{} by other programs", quantity(*other, "share")));
  return fmt::format("{}.", fmt::join(parts, ", "));
}

}  // namespace

std::string measured_text(json::object const& measure, std::string_view unit) {
  auto const value = number_at(measure, "value");
  if (!value) return results::truth_at(measure, "undelivered", false) ? "undelivered" : "–";
  return quantity(*value, unit) + interval_text(measure, unit == "share" ? 100 : 1);
}

std::string score_text(json::object const& scored) {
  auto const score = number_at(scored, "score");
  return score ? results::number(*score) : "–";
}

std::string measured_chapter(Record const& record) {
  auto const& criteria = array_at(record.decision, "criteria");
  markdown::Table table{{"Option"}, {}, {}};
  std::size_t column = 0;
  for (auto const& criterion : criteria) {
    table.head.push_back(text_at(criterion.as_object(), "title"));
    table.numbers.insert(++column);
  }
  table.head.push_back("Score");
  table.numbers.insert(++column);
  for (auto const& value : array_at(record.decision, "targets")) {
    auto const& target = value.as_object();
    auto& row = table.rows.emplace_back();
    row.push_back(plain(text_at(target, "title")) +
                  (results::truth_at(target, "third_party", false) ? " (third party)" : ""));
    for (auto const& criterion : criteria) {
      auto const& object = criterion.as_object();
      row.push_back(measured_text(object_at(object_at(target, "measures"), text_at(object, "id")),
                                  text_at(object, "unit")));
    }
    row.push_back(score_text(target));
  }
  return "### Measured\n\n" +
         wrapped(
             "Every target that was measured validly and without loss, ours and others, by "
             "score; 95 % intervals in parentheses; – is not measured.") +
         "\n\n" + markdown::text(table) + "\n";
}

std::string weights_chapter(Record const& record) {
  markdown::Table table{{"Criterion", "Weight", "What would change the order"}, {}, {1}};
  auto const& sensitivity = array_at(record.decision, "sensitivity");
  std::size_t at = 0;
  for (auto const& value : array_at(record.decision, "criteria")) {
    auto const& criterion = value.as_object();
    table.rows.push_back({text_at(criterion, "title"),
                          quantity(number_at(criterion, "weight").value_or(0), "share"),
                          text_at(sensitivity[at++].as_object(), "sentence")});
  }
  return "### Weights\n\n" +
         wrapped(
             "The order that the figures give without their intervals, when one weight changes "
             "and the others keep their proportions.") +
         "\n\n" + markdown::text(table) + "\n";
}

std::string claims_chapter(Record const& record) {
  auto const& claims = array_at(record.run, "claims");
  if (claims.empty()) return "";
  markdown::Table table{{"Id", "Claim", "Verdict", "Figure"}, {}, {}};
  std::string links;
  bool judged = false;
  for (auto const& value : claims) {
    auto const& claim = value.as_object();
    judged = judged || claim.contains("verdict");
    auto const id = text_at(claim, "id");
    table.rows.push_back({fmt::format("[{}]", id), plain(text_at(claim, "claim")),
                          verdict_text(claim), figure_of_claim(claim)});
    links += fmt::format("[{}]: #claims\n", id);
  }
  std::string const note = judged ? "" : "These claims were not judged in this run.\n\n";
  return "### Claims\n\n" + note + markdown::text(table) + "\n" + links + "\n";
}

std::string crossovers_chapter(Record const& record) {
  if (record.crossovers.empty()) return "";
  std::string text = "### Crossovers\n\n";
  for (auto const& value : record.crossovers) {
    auto const& crossover = value.as_object();
    text += item(fmt::format("**{}** {}", plain(text_at(crossover, "question")),
                             plain(text_at(crossover, "sentence"))));
  }
  return text + "\n";
}

std::string origin_chapter(Record const& record) {
  auto const& run = record.run;
  auto text = "### The run\n\n" + experiments_table(run) + "\n";
  auto const decision_hash = text_at(run, "decision.sha256");
  text += item(fmt::format("Run {}, started {}, pushlab {} ({}).", text_at(run, "run.id"),
                           text_at(run, "run.started"), text_at(run, "run.pushlab.version"),
                           text_at(run, "run.pushlab.commit")));
  if (!decision_hash.empty()) text += item("Decision file: SHA-256 `" + decision_hash + "`.");
  text += item("Machine: " + plain(machine_text(object_at(run, "machine"))));
  text += item("Written by `" + record.command + "`.");
  if (record.report)
    text += item(fmt::format("All figures: [report.html]({}report.html).", record.folder));
  text += "\n";
  for (auto const& figure : record.figures) {
    auto const name = figure.substr(figure.rfind('/') + 1);
    text += fmt::format("![{}]({}{})\n\n", plain(name.substr(0, name.rfind('.'))), record.folder,
                        figure);
  }
  return text;
}

}  // namespace pushlab::report

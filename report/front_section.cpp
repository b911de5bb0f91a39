#include <fmt/format.h>

#include "report/markup.hpp"
#include "report/sections.hpp"
#include "report/target_look.hpp"
#include "results/answer.hpp"
#include "results/format.hpp"
#include "results/metric.hpp"
#include "results/read.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::array_at;
using results::number_at;
using results::object_at;
using results::text_at;
using results::truth_at;

namespace {

constexpr std::string_view deciding_metric = "latency_p99_ms";

std::string title_of(json::object const& result, std::string_view id) {
  for (json::value const& target : array_at(result, "targets")) {
    if (text_at(target.as_object(), "id") == id) return report::title_of(target.as_object());
  }
  return std::string(id);
}

std::string against_best(json::object const& result, std::string_view id) {
  for (json::value const& value : array_at(result, "comparisons")) {
    json::object const& comparison = value.as_object();
    if (text_at(comparison, "metric") != deciding_metric) continue;
    if (text_at(comparison, "best") == id) return "<strong>best</strong>";
    if (text_at(comparison, "target") != id) continue;
    auto const ratio = number_at(comparison, "ratio");
    if (!ratio) return escape(text_at(comparison, "verdict"));
    std::string text = results::number(*ratio) + " ×";
    auto const lo = number_at(comparison, "lo");
    auto const hi = number_at(comparison, "hi");
    if (lo && hi)
      text += fmt::format("<small>{} – {}</small>", results::number(*lo), results::number(*hi));
    if (!truth_at(comparison, "tie", false)) return text;
    bool const equal = text_at(comparison, "verdict").starts_with("equal");
    return text + (equal ? "<em class=\"badge\">tie</em>" : "<em class=\"badge\">unclear</em>");
  }
  return "–";
}

Table ranking(json::object const& result) {
  Table table{"The targets, with 95 % intervals",
              {"Target", "Median", "p99", "p99 against the best", "Lost", "Server CPU per delivery",
               "Server memory per connection"},
              {}};
  for (json::value const& value : array_at(result, "targets")) {
    json::object const& target = value.as_object();
    table.rows.push_back(
        {target_markup(target), figure_markup(target, "latency_p50_ms"),
         figure_markup(target, deciding_metric), against_best(result, text_at(target, "id")),
         figure_markup(target, "lost"), figure_markup(target, "server_cpu_us_per_delivery"),
         figure_markup(target, "memory_kib_per_connection")});
  }
  return table;
}

std::string notices(json::object const& result) {
  std::string text;
  if (!truth_at(result, "run.valid", true)) {
    text +=
        "<li class=\"bad\"><strong>This run counts as invalid,</strong> because not every target "
        "was measured "
        "validly. What is said of the others holds.</li>";
  }
  for (json::value const& excluded : array_at(result, "answer.excluded")) {
    text += "<li class=\"bad\">" + escape(text_at(excluded.as_object(), "reason")) + "</li>";
  }
  for (json::value const& skipped : array_at(result, "skipped")) {
    json::object const& one = skipped.as_object();
    text += fmt::format("<li>{} was skipped: {}.</li>",
                        escape(text_at(one, "title", text_at(one, "id"))),
                        escape(text_at(one, "reason", "no reason given")));
  }
  return text.empty() ? text : "<ul class=\"notices\">" + text + "</ul>\n";
}

}  // namespace

std::string headline(json::object const& result) {
  std::vector<std::string> winners;
  for (json::value const& id : array_at(result, "answer.winners")) {
    winners.push_back(title_of(result, id.as_string()));
  }
  if (winners.empty()) return "No target can be called the winner";
  auto const verdict = text_at(result, "answer.verdict");
  if (verdict == "alone") return "Only " + winners.front() + " was measured validly";
  return results::list(winners) + (winners.size() == 1      ? " was the fastest"
                                   : verdict == "undecided" ? " cannot be told apart"
                                                            : " are tied as the fastest");
}

std::string started(json::object const& result) {
  std::string text = text_at(result, "run.started", "at an unknown time");
  if (text.size() >= 16 && text[10] == 'T')
    text = text.substr(0, 10) + " " + text.substr(11, 5) + " UTC";
  return text;
}

std::string metric_title(std::string_view metric_id) {
  return escape(results::metric(metric_id).title);
}

std::string figure_markup(json::object const& target, std::string_view metric_id) {
  json::object const& figure = results::figure_of(target, metric_id);
  results::Metric const& metric = results::metric(metric_id);
  std::string text = escape(results::quantity(figure, metric));
  auto const lo = number_at(figure, "lo");
  auto const hi = number_at(figure, "hi");
  double const factor = metric.unit == "share" ? 100 : 1;
  bool const shown = lo && (!hi || results::number(*hi * factor) != results::number(*lo * factor));
  if (shown) {
    text += hi ? fmt::format("<small>{} – {}</small>", results::number(*lo * factor),
                             results::number(*hi * factor))
               : fmt::format("<small>{} or more</small>", results::number(*lo * factor));
  }
  std::string const remark = text_at(figure, "remark");
  if (remark.empty() || remark == "not measured") return text;
  return fmt::format("<span title=\"{}\">{}</span>", escape(remark), text);
}

std::string target_markup(json::object const& target) {
  std::string text =
      fmt::format("<span class=\"key s{}\"></span>{}", colour_of(target), escape(title_of(target)));
  if (is_floor(target)) return text + "<em class=\"badge\">floor</em>";
  if (!truth_at(target, "valid", true)) return text + "<em class=\"badge bad\">invalid</em>";
  if (!results::exclusion(target).empty())
    return text + "<em class=\"badge bad\">lost deliveries</em>";
  return text;
}

std::string answer_section(json::object const& result, Place const& place) {
  std::string body =
      fmt::format("<p class=\"lead\">{}</p>\n", escape(text_at(result, "answer.sentence")));
  body += fmt::format(
      "<dl class=\"basis\"><div><dt>Under this load</dt><dd>{}</dd></div>"
      "<div><dt>How sure</dt><dd>{}</dd></div></dl>\n",
      escape(text_at(result, "answer.load")), escape(text_at(result, "answer.confidence")));
  body += markup(ranking(result)) +
          trace_details(result, place, "targets[*].figures, from targets[*].repetitions[*]");
  std::string details;
  for (json::value const& sentence : array_at(result, "answer.details")) {
    details += "<li>" + escape(sentence.as_string()) + "</li>";
  }
  if (!details.empty()) body += "<ul class=\"points\">" + details + "</ul>\n";
  return fmt::format("<section id=\"{}answer\">\n{}{}</section>\n", escape(place.prefix), body,
                     notices(result));
}

std::string runs_section(std::vector<json::object> const& all) {
  Table table{"The runs in this report",
              {"Run", "Answer", "Clients", "Events/s", "Best p99", "Started"},
              {},
              {1}};
  for (std::size_t i = 0; i < all.size(); ++i) {
    json::object const& result = all[i];
    std::string best = "–";
    for (json::value const& target : array_at(result, "targets")) {
      auto const& winners = array_at(result, "answer.winners");
      if (!winners.empty() && winners[0].as_string() == text_at(target.as_object(), "id")) {
        best = figure_markup(target.as_object(), deciding_metric);
      }
    }
    table.rows.push_back(
        {fmt::format("<a href=\"#r{0}-answer\">{0}. {1}</a>", i + 1,
                     escape(text_at(result, "scenario.title", text_at(result, "scenario.name")))),
         escape(headline(result)),
         results::quantity(number_at(result, "scenario.clients").value_or(0), ""),
         results::quantity(number_at(result, "scenario.rate").value_or(0), ""), best,
         escape(started(result))});
  }
  // The same target in every run: does the order hold?
  Table targets{"p99 latency of each target in each run", {"Target"}, {}};
  std::vector<std::pair<std::string, std::vector<std::string>>> rows;
  for (std::size_t i = 0; i < all.size(); ++i) {
    targets.head.push_back(
        fmt::format("{}. {}", i + 1, escape(text_at(all[i], "scenario.name", "unnamed"))));
    for (json::value const& value : array_at(all[i], "targets")) {
      json::object const& target = value.as_object();
      std::string const title = text_at(target, "title", text_at(target, "id"));
      auto row = rows.begin();
      while (row != rows.end() && row->first != title) ++row;
      if (row == rows.end())
        row = rows.insert(rows.end(), {title, std::vector<std::string>(all.size(), "–")});
      row->second[i] = figure_markup(target, deciding_metric);
    }
  }
  for (auto& [title, cells] : rows) {
    targets.rows.push_back({escape(title)});
    targets.rows.back().insert(targets.rows.back().end(), cells.begin(), cells.end());
  }
  return section(2, "runs", "The runs side by side", markup(table) + markup(targets));
}

}  // namespace pushlab::report

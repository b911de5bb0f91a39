#include <fmt/format.h>

#include "report/bars.hpp"
#include "report/decision.hpp"
#include "report/markup.hpp"
#include "report/story.hpp"
#include "results/experiment.hpp"
#include "results/format.hpp"
#include "results/read.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::array_at;
using results::number_at;
using results::object_at;
using results::text_at;

namespace {

json::object const& verdict_of(json::object const& decision) {
  json::object const& verdict = object_at(decision, "verdict");
  return verdict.empty() ? object_at(decision, "decision.verdict") : verdict;
}

std::string option_title(json::object const& verdict, std::string const& id) {
  for (json::value const& option : array_at(verdict, "options")) {
    if (text_at(option.as_object(), "id") == id) return text_at(option.as_object(), "title", id);
  }
  return id;
}

// How sure the answer is, and who comes next. HTML.
std::string sureness(json::object const& decision, json::object const& answered) {
  json::object const& verdict = verdict_of(decision);
  auto const sure = number_at(verdict, "sure");
  if (text_at(verdict, "verdict") == "tie") return "Nothing that was measured tells them apart.";
  std::string text = sure ? fmt::format("It wins in {} of the draws from the measured intervals.",
                                        results::quantity(*sure, "share"))
                          : text_at(verdict, "sure", text_at(answered, "answer.confidence"));
  auto const next = text_at(verdict, "runner_up");
  if (!next.empty()) text += " Next comes " + option_title(verdict, next) + ".";
  return escape(text);
}

std::string quick_notice(json::object const& decision) {
  std::string text;
  if (results::truth_at(decision, "run.quick", false))
    text +=
        "<li>A quick run: short and with one repetition. How much runs differ is unknown, so the "
        "intervals are too narrow; a claim takes a figure as right to a factor of two, and what "
        "that does not decide stays undecided. For the record, run it whole.</li>";
  if (!results::truth_at(decision, "run.valid", true))
    text +=
        "<li class=\"bad\"><strong>This run counts as invalid:</strong> not every target of the "
        "main experiment was measured validly. What is said of the others holds.</li>";
  for (auto const& one : results::reservations(decision))
    text += "<li class=\"bad\">" + escape(one) + "</li>";
  return text.empty() ? text : "<ul class=\"notices\">" + text + "</ul>\n";
}

Table at_a_glance(json::object const& result) {
  Table table{
      "The options under the load of the main experiment, with 95 % intervals", {"Option"}, {}};
  std::vector<std::string_view> metrics{"latency_p50_ms", "latency_p99_ms"};
  for (std::string_view id : cost_metrics(result)) {
    if (id != "connect_ms_p99" && !id.starts_with("setup_") && id != "syscalls_per_delivery")
      metrics.push_back(id);
  }
  for (std::string_view id : metrics) table.head.push_back(metric_title(id));
  for (json::value const& value : array_at(result, "targets")) {
    json::object const& target = value.as_object();
    table.rows.push_back({target_markup(target)});
    for (std::string_view id : metrics) table.rows.back().push_back(figure_markup(target, id));
  }
  return table;
}

Place place_of_experiment(json::object const& experiment, std::size_t number) {
  auto const name = text_at(experiment, "name", std::to_string(number));
  return {name + "-", 3, fmt::format("experiments[{}].result.", number), file_prefix(name, 0)};
}

std::string first_screen(json::object const& decision) {
  json::object const& answered = object_at(main_experiment(decision), "result");
  json::object const& verdict = verdict_of(decision);
  auto const title = text_at(decision, "decision.title", "Decision");
  return fmt::format(
             "<header><p class=\"eyebrow\">{} · {} · run {}</p>\n<p class=\"question\">{}</p>\n"
             "<h1>{}</h1></header>\n<section id=\"answer\">\n<p class=\"lead\">{}</p>\n"
             "<dl class=\"basis\"><div><dt>How sure</dt><dd>{}</dd></div>"
             "<div><dt>Under this load</dt><dd>{}</dd></div></dl>\n",
             escape(title), escape(started(decision)),
             escape(text_at(decision, "run.id", "unknown")),
             escape(text_at(decision, "decision.question", title)),
             escape(decision_headline(decision)),
             escape(text_at(verdict, "sentence", text_at(answered, "answer.sentence"))),
             sureness(decision, answered),
             escape(text_at(answered, "answer.load", "No load was recorded"))) +
         claims_tally(decision) + quick_notice(decision) + markup(at_a_glance(answered)) +
         "</section>\n";
}

std::string contents(json::object const& decision) {
  std::string text = "<nav aria-label=\"Contents\"><ol>";
  auto const link = [&](std::string_view id, std::string_view title) {
    text += fmt::format("<li><a href=\"#{}\">{}</a></li>", escape(id), escape(title));
  };
  if (!array_at(decision, "claims").empty()) link("claims", "The claims");
  if (!array_at(decision, "crossovers").empty())
    link("crossovers", "Where another choice becomes cheaper");
  link("costs", "What it costs");
  for (json::value const& value : array_at(decision, "experiments")) {
    json::object const& experiment = value.as_object();
    link("experiment-" + text_at(experiment, "name"),
         text_at(experiment, "title", text_at(experiment, "name")));
  }
  if (!object_at(decision, "matrix").empty()) link("proxies", proxy_title);
  link("machine", "The machine");
  link("glossary", "The terms used");
  return text + "</ol></nav>\n";
}

std::string prices(json::object const& decision) {
  json::object const& all = object_at(decision, "prices");
  if (all.empty()) return {};
  return "<details><summary>The prices</summary>\n<pre tabindex=\"0\">" +
         escape(json::serialize(all)) + "</pre></details>\n";
}

std::string costs(json::object const& decision) {
  json::object const& experiment = main_experiment(decision);
  if (experiment.empty()) return {};
  auto const name = text_at(experiment, "name");
  Place place = place_of_experiment(experiment, place_of(decision, name));
  place.prefix = "decision-";
  return section(2, "costs", "What it costs",
                 fmt::format("<p>Under the load of <a href=\"#experiment-{0}\">{0}</a>. Shorter is "
                             "cheaper; the thin line over a bar is the 95 % interval.</p>\n",
                             escape(name)) +
                     cost_figure(object_at(experiment, "result"), place) + prices(decision));
}

std::string experiment_article(json::object const& experiment, std::size_t number,
                               std::vector<Chart>& charts) {
  json::object const& result = object_at(experiment, "result");
  Place const place = place_of_experiment(experiment, number);
  auto const name = text_at(experiment, "name");
  auto const question = text_at(experiment, "question");
  auto const compression = text_at(experiment, "compression");
  std::string text = fmt::format(
      "<article id=\"experiment-{}\"><p class=\"eyebrow\">Experiment {}: {}</p>\n"
      "<h2 class=\"headline\">{}</h2>\n{}",
      escape(name), number + 1, escape(name), escape(text_at(experiment, "title", name)),
      question.empty() ? "" : "<p class=\"question\">" + escape(question) + "</p>\n");
  if (!compression.empty())
    text += "<ul class=\"notices\"><li><strong>Time is compressed.</strong> " +
            escape(compression) + "</li></ul>\n";
  return text + story(result, place, charts) + "</article>\n";
}

std::string proxies(json::object const& decision) {
  json::object const& matrix = object_at(decision, "matrix");
  if (matrix.empty()) return {};
  return fmt::format(
      "<article id=\"proxies\"><h2 class=\"headline\">{}</h2>\n<p>{} {}</p>\n{}</article>\n",
      proxy_title, escape(proxy_lead(matrix)), escape(text_at(matrix, "legend", "")),
      proxy_sections(matrix, {"proxies-", 3}));
}

}  // namespace

bool is_decision(json::object const& object) {
  return text_at(object, "schema") == decision_schema;
}

std::size_t place_of(json::object const& decision, std::string_view experiment) {
  auto const& all = array_at(decision, "experiments");
  std::size_t i = 0;
  while (i < all.size() && text_at(all[i].as_object(), "name") != experiment) ++i;
  return i;
}

json::object const& main_experiment(json::object const& decision) {
  static json::object const none;
  auto const& all = array_at(decision, "experiments");
  if (all.empty()) return none;
  auto const named = place_of(decision, "fan-out");
  return all[named < all.size() ? named : 0].as_object();
}

std::string decision_headline(json::object const& decision) {
  json::object const& verdict = verdict_of(decision);
  auto const chosen = text_at(verdict, "chosen");
  if (!chosen.empty()) return option_title(verdict, chosen);
  auto const& between = array_at(verdict, "between");
  if (between.size() > 1) {
    std::vector<std::string> titles;
    for (json::value const& id : between)
      titles.push_back(option_title(verdict, std::string(id.as_string())));
    return results::list(titles) + " cannot be told apart";
  }
  auto const fastest = headline(object_at(main_experiment(decision), "result"));
  return results::truth_at(decision, "run.valid", true) ? fastest
                                                        : fastest + " among those measured validly";
}

std::string decision(json::object const& decision, std::vector<Chart>& charts) {
  std::string body = first_screen(decision) + contents(decision) + claims_section(decision) +
                     crossover_section(decision, charts) + costs(decision);
  std::size_t number = 0;
  for (json::value const& experiment : array_at(decision, "experiments"))
    body += experiment_article(experiment.as_object(), number++, charts);
  return body + proxies(decision) + "<article class=\"last\">" +
         section(2, "machine", "The machine", machine_facts(decision)) + "</article>\n";
}

}  // namespace pushlab::report

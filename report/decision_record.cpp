#include "report/decision_record.hpp"

#include <fmt/format.h>

#include <algorithm>

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

std::string paragraph(std::string const& text) {
  return text.empty() ? "" : wrapped(text) + "\n\n";
}

std::string title_in(json::object const& decision, std::string_view id) {
  return text_at(option_in(decision, id), "title");
}

// As it stands in the run: the decision's, or the scenario's.
std::string of_run(json::object const& run, std::string const& key) {
  return text_at(run, "decision." + key, text_at(run, "scenario." + key));
}

std::string header(Record const& record) {
  auto const started = text_at(record.run, "run.started");
  auto const title = of_run(record.run, "title");
  auto const chosen = text_at(record.decision, "chosen");
  return fmt::format(
      "---\nstatus: proposed\ndate: {}\ndecision-makers: # who decides by this record\n---\n\n"
      "# {}{}\n\n",
      started.substr(0, 10), plain(title),
      chosen.empty() ? ""
                     : (title.ends_with('?') ? " " : ": ") + title_in(record.decision, chosen));
}

// What a reader must know before anything is believed.
std::string cautions(Record const& record) {
  auto const& run = record.run;
  std::string text;
  if (results::truth_at(run, "run.quick", false))
    text += "This was a quick run: a first look, too short to decide by. ";
  if (results::truth_at(record.decision, "once", false))
    text +=
        "Each option was measured once, so nothing says how much runs differ: intervals and shares "
        "of the draws look surer than they are. ";
  if (results::truth_at(run, "run.debug_build", false))
    text += "The figures come from a debug build and must not be quoted. ";
  for (auto const& one : results::reservations(run)) text += plain(one) + " ";
  double const others = number_at(run, "machine.other_cpu_share").value_or(0);
  double const guests = number_at(run, "machine.steal_share").value_or(0);
  if (others > 0.1 || guests > 0.05)
    text += fmt::format(
        "The machine was not quiet: other programs used {} of it, other guests of "
        "its host {}; measure again before anything is quoted. ",
        quantity(others, "share"), quantity(guests, "share"));
  return text;
}

std::string context(Record const& record) {
  auto const& run = record.run;
  auto text = std::string("## Context and Problem Statement\n\n");
  auto const question = text_at(run, "decision.question");
  text += paragraph(plain(question.empty() ? "How does an event in the backend reach every "
                                             "connected client soonest, and at what price?"
                                           : question));
  auto const experiments = results::experiments_of(run);
  auto const chosen = std::ranges::find(experiments, text_at(record.decision, "experiment"),
                                        &results::Experiment::name);
  if (chosen != experiments.end())
    text +=
        paragraph(fmt::format("The options were measured side by side on one machine, in the "
                              "experiment \"{}\": {}.",
                              plain(chosen->name), plain(results::load(*chosen->result))));
  return text + paragraph(cautions(record));
}

std::string drivers(Record const& record) {
  std::string text = "## Decision Drivers\n\n";
  for (auto const& value : array_at(record.decision, "criteria")) {
    auto const& criterion = value.as_object();
    text += item(fmt::format("{}, weight {} (`{}`): {}", text_at(criterion, "title"),
                             quantity(number_at(criterion, "weight").value_or(0), "share"),
                             text_at(criterion, "id"), text_at(criterion, "explanation")));
  }
  return text + "\n";
}

std::string considered(Record const& record) {
  std::string text = "## Considered Options\n\n";
  for (auto const& option : array_at(record.decision, "options"))
    text += item(text_at(option.as_object(), "title"));
  return text + "\n";
}

std::vector<std::string> titles(json::object const& decision) {
  std::vector<std::string> names;
  for (auto const& id : array_at(decision, "between"))
    names.push_back(title_in(decision, id.as_string()));
  return names;
}

// In which criterion the two differ most, weighed.
std::string difference(json::object const& decision, json::object const& one,
                       json::object const& other) {
  std::string text = "nothing that was measured of both speaks for either.";
  double most = 0;
  for (auto const& value : array_at(decision, "criteria")) {
    auto const& criterion = value.as_object();
    auto const path = "measures." + text_at(criterion, "id");
    auto const& mine = object_at(one, path);
    auto const& theirs = object_at(other, path);
    auto const weighed = [&](json::object const& measure) {
      return number_at(measure, "score").value_or(0) * number_at(criterion, "weight").value_or(0);
    };
    if (mine.empty() || theirs.empty() || weighed(mine) - weighed(theirs) <= most) continue;
    most = weighed(mine) - weighed(theirs);
    auto const unit = text_at(criterion, "unit");
    text = fmt::format("what speaks most against it is \"{}\": {} against {}.",
                       text_at(criterion, "title"), measured_text(theirs, unit),
                       measured_text(mine, unit));
  }
  return text;
}

// "Chosen option: ..., because": what it is best in, weighed.
std::string outcome_text(json::object const& decision) {
  auto const verdict = text_at(decision, "verdict");
  if (verdict != "chosen") return "Chosen option: none yet. " + text_at(decision, "sentence");
  auto const chosen = text_at(decision, "chosen");
  auto const runner = text_at(decision, "runner_up");
  auto const score = [&](std::string const& id) { return score_text(option_in(decision, id)); };
  auto const wins = quantity(number_at(decision, "sure").value_or(0), "share");
  return fmt::format(
      "Chosen option: \"{}\", because it has the best weighted score, {} of 1, and stays the best "
      "in "
      "{} of the draws from the figures' intervals. Runner-up: {} with {}; {}",
      title_in(decision, chosen), score(chosen), wins, title_in(decision, runner), score(runner),
      difference(decision, option_in(decision, chosen), option_in(decision, runner)));
}

std::string fragile(json::object const& decision) {
  json::object const* nearest = nullptr;
  std::string direction;
  double least = 0;
  for (auto const& value : array_at(decision, "sensitivity")) {
    for (char const* key : {"up", "down"}) {
      auto const factor = number_at(value.as_object(), key);
      if (!factor) continue;
      double const size = std::max(*factor, 1 / *factor);
      if (nearest && size >= least) continue;
      nearest = &value.as_object();
      direction = key;
      least = size;
    }
  }
  if (array_at(decision, "between").empty() || text_at(decision, "runner_up").empty()) return "";
  if (!nearest) return "No change of a single weight changes the order.";
  auto const& criteria = array_at(decision, "criteria");
  auto const id = text_at(*nearest, "criterion");
  auto const criterion = std::ranges::find_if(
      criteria, [&](json::value const& one) { return text_at(one.as_object(), "id") == id; });
  return fmt::format(
      "The smallest change of a weight that turns the order: \"{}\" times {}, then "
      "{} leads.",
      text_at(criterion->as_object(), "title"), results::number(*number_at(*nearest, direction)),
      title_in(decision, text_at(*nearest, direction + "_to")));
}

std::string against_default(Record const& record) {
  if (record.by_default == nullptr) return "";
  auto const before = titles(*record.by_default);
  auto const now = titles(record.decision);
  bool const same = before == now;
  return fmt::format("These are the reader's weights. By the default weights {}: {}",
                     same ? "the outcome is the same" : "the outcome is another",
                     text_at(*record.by_default, "sentence"));
}

// What one gets and gives up against the next best.
std::string consequence(json::object const& criterion, json::object const& one,
                        json::object const& other, std::string const& other_title) {
  auto const path = "measures." + text_at(criterion, "id");
  auto const& mine = object_at(one, path);
  auto const& theirs = object_at(other, path);
  if (mine.empty() || theirs.empty()) return "";
  constexpr double hardly = 0.02;  // of the score: a tenth more or less
  double const gain = number_at(mine, "score").value_or(0) - number_at(theirs, "score").value_or(0);
  auto const end = [](json::object const& measure, char const* key) {
    return number_at(measure, key).value_or(*number_at(measure, "value"));
  };
  bool const told_apart =
      number_at(mine, "value") && number_at(theirs, "value") &&
      (end(mine, "lo") > end(theirs, "hi") || end(mine, "hi") < end(theirs, "lo"));
  auto const unit = text_at(criterion, "unit");
  return item(fmt::format("{}, because {}; {}: {}.",
                          !told_apart      ? "Neutral"
                          : gain > hardly  ? "Good"
                          : gain < -hardly ? "Bad"
                                           : "Neutral",
                          phrase(criterion, measured_text(mine, unit)), other_title,
                          measured_text(theirs, unit)));
}

std::string consequences(Record const& record) {
  auto const& decision = record.decision;
  auto const verdict = text_at(decision, "verdict");
  if (verdict != "chosen" && verdict != "unclear") return "";
  auto const& one = option_in(decision, array_at(decision, "between").at(0).as_string());
  auto const& other = option_in(decision, text_at(decision, "runner_up"));
  auto text =
      "### Consequences\n\n" +
      paragraph(fmt::format("Of {} against {}:", text_at(one, "title"), text_at(other, "title")));
  for (auto const& criterion : array_at(decision, "criteria"))
    text += consequence(criterion.as_object(), one, other, text_at(other, "title"));
  return text + "\n";
}

std::string outcome(Record const& record) {
  auto text = std::string("## Decision Outcome\n\n");
  text += paragraph(outcome_text(record.decision));
  text += paragraph(fragile(record.decision));
  text += paragraph(against_default(record));
  return text + consequences(record);
}

std::string span_text(std::vector<double> const& values) {
  auto const [least, most] = std::ranges::minmax(values);
  return least == most ? quantity(least, "")
                       : fmt::format("{} to {}", quantity(least, ""), quantity(most, ""));
}

std::string measured_range(json::object const& run) {
  std::vector<double> clients, rate, payload;
  for (auto const& [name, result] : results::experiments_of(run)) {
    auto const of = [&](char const* key) { return number_at(*result, key).value_or(0); };
    clients.push_back(of("scenario.clients"));
    rate.push_back(of("scenario.rate"));
    payload.push_back(of("scenario.payload_bytes"));
  }
  if (clients.empty()) return "";
  return item(
      fmt::format("Run it again when the load leaves what was measured: {} clients, {} "
                  "events a second, {} bytes an event.",
                  span_text(clients), span_text(rate), span_text(payload)));
}

std::string triggers(Record const& record) {
  std::string text;
  for (auto const& value : record.crossovers) {
    auto const& crossover = value.as_object();
    auto const x = number_at(crossover, "x");
    if (!x) continue;
    auto const end = [&](char const* key, char const* open) {
      auto const at = number_at(crossover, key);
      return at ? results::number(*at) : std::string(open);
    };
    auto const low = end("lo", "less than measured");
    auto const high = end("hi", "more than measured");
    text += item(fmt::format(
        "Run it again when the load comes to {} {}{}: which option is cheaper in {} changes there.",
        results::number(*x), text_at(crossover, "x_unit"),
        low == high ? "" : fmt::format(" ({} to {})", low, high), text_at(crossover, "y_unit")));
  }
  return text;
}

std::string confirmation(Record const& record) {
  std::string text = "### Confirmation\n\n";
  auto const& open = array_at(record.decision, "between");
  for (auto const& id : open) {
    auto const& option = option_in(record.decision, id.as_string());
    if (results::truth_at(option, "third_party", false) || text_at(option, "id") == "reload")
      continue;
    text +=
        item(fmt::format("In continuous integration: `pushlab conform {}` fails when a rule of "
                         "the protocol is broken.",
                         text_at(option, "target")));
  }
  auto const file = text_at(record.run, "scenario.file",
                            fmt::format("scenarios/{}.toml", text_at(record.run, "decision.name")));
  text +=
      item(fmt::format("Measure again with `pushlab run {}`, then `pushlab decide RUN`.", file));
  return text + measured_range(record.run) + triggers(record) + "\n";
}

}  // namespace

std::string item(std::string const& text) {
  return "* " + wrapped(text, 2) + "\n";
}

json::object const& option_in(json::object const& decision, std::string_view id) {
  for (auto const& value : array_at(decision, "options"))
    if (text_at(value.as_object(), "id") == id) return value.as_object();
  static json::object const nobody;
  return nobody;
}

std::string decision_record(Record const& record) {
  auto text = header(record) + context(record) + drivers(record) + considered(record) +
              outcome(record) + confirmation(record) + options_chapter(record) +
              "## More Information\n\n" + measured_chapter(record) + weights_chapter(record) +
              claims_chapter(record) + crossovers_chapter(record) + origin_chapter(record);
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

std::string decision_lines(json::object const& decision, json::object const* by_default) {
  auto const line = [](std::string_view name, std::string const& text) {
    return text.empty() ? "" : fmt::format("{:<10} {}\n", name, text);
  };
  auto text = line("decision", text_at(decision, "sentence"));
  if (auto const runner = text_at(decision, "runner_up"); !runner.empty())
    text += line("runner-up", title_in(decision, runner));
  text += line("weights", fragile(decision));
  if (by_default) text += line("default", text_at(*by_default, "sentence"));
  std::size_t width = 0;
  auto const& options = array_at(decision, "options");
  for (auto const& option : options)
    width = std::max(width, text_at(option.as_object(), "title").size());
  for (auto const& value : options) {
    auto const& option = value.as_object();
    auto const score = number_at(option, "score");
    if (!option.contains("absent"))
      text +=
          line("score", fmt::format("{:<{}}  {:>4}  best in {:>6}  {}", text_at(option, "title"),
                                    width, score ? fmt::format("{:.2f}", *score) : "–",
                                    quantity(*number_at(option, "wins"), "share"),
                                    text_at(option, "target_title")));
    else
      text += line("absent", fmt::format("{:<{}}  {}", text_at(option, "title"), width,
                                         text_at(option, "absent")));
  }
  return text;
}

}  // namespace pushlab::report

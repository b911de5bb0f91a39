#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "report/markdown.hpp"
#include "report/record_parts.hpp"
#include "report/sections.hpp"
#include "results/format.hpp"
#include "results/read.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::array_at;
using results::number_at;
using results::object_at;
using results::text_at;

namespace {

// The best value of all options; a share is better the higher it is.
double best_value(json::object const& decision, std::string const& criterion, bool share) {
  double best = share ? 0 : HUGE_VAL;
  for (auto const& value : array_at(decision, "options")) {
    auto const& measure = object_at(object_at(value.as_object(), "measures"), criterion);
    auto const mine = number_at(measure, "value");
    if (mine) best = share ? std::max(best, *mine) : std::min(best, *mine);
  }
  return best;
}

std::string standing(double value, double best, bool share) {
  if (share)
    return value >= best ? "" : fmt::format("; the best: {}", results::quantity(best, "share"));
  if (value <= best) return "; the least of all";
  return best > 0 ? fmt::format("; {} times the least", results::number(value / best)) : "";
}

std::string_view word_for(double score) {
  return score >= 0.9 ? "Good" : score >= 0.7 ? "Neutral" : "Bad";
}

// The claims in which this figure of this target was judged: " [C07] [C15]".
std::string evidence(json::object const& run, json::object const& option,
                     json::object const& measure) {
  auto const target = text_at(option, "target");
  std::string marks;
  for (auto const& value : array_at(run, "claims")) {
    auto const& claim = value.as_object();
    if (!claim.contains("verdict")) continue;
    auto const& checks = array_at(claim, "checks");
    bool const about = std::ranges::any_of(checks, [&](json::value const& check) {
      auto const& object = check.as_object();
      auto const metric = text_at(object, "metric");
      return !metric.empty() && metric == text_at(measure, "metric") &&
             (text_at(object, "target") == target || text_at(object, "against") == target);
    });
    if (about) marks += fmt::format(" [{}]", text_at(claim, "id"));
  }
  return marks;
}

// What the share is one of; the other figures come from the measured experiment.
std::string basis(json::object const& measure) {
  return text_at(measure, "metric").empty() ? fmt::format(" ({})", text_at(measure, "basis")) : "";
}

std::string because_of(Record const& record, json::object const& option,
                       json::object const& criterion, json::object const& measure) {
  auto const unit = text_at(criterion, "unit");
  bool const share = unit == "share";
  auto const id = text_at(criterion, "id");
  auto const value = number_at(measure, "value");
  double const best = best_value(record.decision, id, share);
  return item(fmt::format(
      "{}, because {}{}{}.{}", word_for(number_at(measure, "score").value_or(0)),
      phrase(criterion, measured_text(measure, unit)), basis(measure),
      value ? standing(*value, best, share) : "", evidence(record.run, option, measure)));
}

std::string strategy_of(json::object const& option) {
  auto const id = text_at(option, "id");
  return std::string(strategy_sentence(id));
}

std::string third_parties(Record const& record, json::object const& option) {
  std::string text;
  for (auto const& value : array_at(record.decision, "targets")) {
    auto const& target = value.as_object();
    if (text_at(target, "option") != text_at(option, "id")) continue;
    if (text_at(target, "id") == text_at(option, "target")) continue;
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", text_at(target, "title"),
                        score_text(target));
  }
  return text.empty() ? "" : fmt::format(" Also measured, with their scores: {}.", text);
}

std::string option_section(Record const& record, json::object const& option) {
  auto text = fmt::format("### {}\n\n", text_at(option, "title"));
  auto const strategy = strategy_of(option);
  if (!strategy.empty()) text += markdown::wrapped(strategy) + "\n\n";
  if (option.contains("absent"))
    return text + markdown::wrapped("Not compared. " + markdown::plain(text_at(option, "absent"))) +
           "\n\n";
  auto const by_way = text_at(option, "by_way");
  if (!by_way.empty())
    text += markdown::wrapped(fmt::format(
                "It was measured in the experiment \"{}\" only; its figures here are in the "
                "proportion that they had there to a target that was measured in both.",
                by_way)) +
            "\n\n";
  text += markdown::wrapped(fmt::format(
              "Measured as {}{}: score {}, the best one in {} of the draws; in {} of them nothing "
              "else was at least as good in everything.{}",
              markdown::plain(text_at(option, "target_title")),
              results::truth_at(option, "third_party", false) ? " (third party)" : "",
              score_text(option), results::quantity(number_at(option, "wins").value_or(0), "share"),
              results::quantity(number_at(option, "front").value_or(0), "share"),
              third_parties(record, option))) +
          "\n\n";
  return text + because(record, option) + "\n";
}

}  // namespace

std::string phrase(json::object const& criterion, std::string const& figure) {
  auto text = text_at(criterion, "phrase", "{}");
  return text.replace(text.find("{}"), 2, figure);
}

std::string because(Record const& record, json::object const& option) {
  std::string text;
  for (auto const& value : array_at(record.decision, "criteria")) {
    auto const& criterion = value.as_object();
    auto const& measure = object_at(object_at(option, "measures"), text_at(criterion, "id"));
    if (!measure.empty()) text += because_of(record, option, criterion, measure);
  }
  return text;
}

std::string options_chapter(Record const& record) {
  std::string text = "## Pros and Cons of the Options\n\n";
  text +=
      markdown::wrapped(
          "Good, neutral and bad are scores: of at least 0.9, of at least 0.7, and of less. The "
          "best has 1 and a hundred times as much 0, on a logarithmic scale; a share is its own "
          "score. A criterion that was not measured of an option does not count for it. A draw "
          "takes every figure at random from its interval; there are 1000. One in which several "
          "have the best score is shared among them.") +
      "\n\n";
  for (auto const& option : array_at(record.decision, "options"))
    text += option_section(record, option.as_object());
  return text;
}

}  // namespace pushlab::report

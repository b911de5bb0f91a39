#include "results/answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "results/format.hpp"
#include "results/metric.hpp"
#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

constexpr std::string_view deciding_metric = "latency_p99_ms";

std::string range_text(std::optional<Interval> const& range) {
  if (!range) return "no interval";
  if (!std::isfinite(range->hi)) return fmt::format("{} or more", number(range->lo));
  return fmt::format("{} to {}", number(range->lo), number(range->hi));
}

std::string value_text(Contender const& contender) {
  return quantity(contender.figures[deciding_metric].value, "ms");
}

struct Ranking {
  std::size_t best;
  std::vector<Comparison> ties;
  std::optional<Comparison> next;  // the nearest eligible one that is behind
};

Ranking rank(std::vector<Contender> const& contenders, std::size_t best) {
  Ranking ranking{best, {}, {}};
  for (Comparison const& comparison : compare(contenders, deciding_metric)) {
    if (!contenders[comparison.target].eligible) continue;
    if (comparison.tie) {
      ranking.ties.push_back(comparison);
    } else if (comparison.ratio && (!ranking.next || *comparison.ratio < *ranking.next->ratio)) {
      ranking.next = comparison;
    }
  }
  return ranking;
}

// All ties are proven ones, not merely lost in the noise.
bool equal(Ranking const& ranking) {
  return std::ranges::all_of(ranking.ties, &Comparison::equal);
}

// All the others were invalid or lost deliveries, or are the floor.
bool alone(std::vector<Contender> const& contenders, Ranking const& ranking) {
  return contenders.size() > 1 && ranking.ties.empty() && !ranking.next;
}

std::string_view verdict(std::vector<Contender> const& contenders, Ranking const& ranking) {
  if (alone(contenders, ranking)) return "alone";
  if (ranking.ties.empty()) return "fastest";
  return equal(ranking) ? "equal" : "undecided";
}

std::string sentence(std::vector<Contender> const& contenders, Ranking const& ranking) {
  Contender const& best = contenders[ranking.best];
  std::string text;
  if (alone(contenders, ranking)) {
    text = fmt::format("There is nothing to compare {} with: 99 of 100 deliveries within {}",
                       best.title, value_text(best));
  } else if (ranking.ties.empty()) {
    text = fmt::format("{} was the fastest: 99 of 100 deliveries within {}", best.title,
                       value_text(best));
  } else {
    std::vector<std::string> names{best.title};
    std::vector<std::string> values{value_text(best)};
    for (Comparison const& tie : ranking.ties) {
      names.push_back(contenders[tie.target].title);
      values.push_back(value_text(contenders[tie.target]));
    }
    text = fmt::format("{} {}: 99 of 100 deliveries within {}", list(names),
                       equal(ranking) ? "are tied" : "cannot be told apart", list(values));
  }
  if (ranking.next) {
    text += fmt::format(
        "; next is {} with {}, {} times as long ({}{})", contenders[ranking.next->target].title,
        value_text(contenders[ranking.next->target]), number(*ranking.next->ratio),
        ranking.next->range ? "95 % interval " : "", range_text(ranking.next->range));
  }
  return text + ".";
}

std::string confidence(std::vector<Contender> const& contenders, Ranking const& ranking) {
  TargetFigures const& figures = contenders[ranking.best].figures;
  auto const& range = figures[deciding_metric].range;
  std::string const basis = fmt::format("{} repetition{} with {} events", figures.repetitions,
                                        figures.repetitions == 1 ? "" : "s", figures.events);
  std::string text =
      range ? fmt::format("The best p99 is {} ms with 95 % confidence, from {}.", range_text(range),
                          basis)
            : fmt::format("There is no interval, so no confidence can be stated: {}.", basis);
  if (range && figures.repetitions < 2)
    text += " Of one repetition: how much runs differ is not in it.";
  double const wanted = events_wanted(metric(deciding_metric).q);
  if (static_cast<double>(figures.events) < wanted) {
    text += fmt::format(" A p99 should rest on {:.0f} events: read it as an order of magnitude.",
                        wanted);
  }
  return text;
}

// Who is cheapest or best among the winners (or among all, when one wins alone).
json::array details(std::vector<Contender> const& contenders, Ranking const& ranking) {
  json::array sentences;
  for (Comparison const& tie : ranking.ties) {
    sentences.push_back(json::value(fmt::format(
        "{} and {}: {} (ratio {}, 95 % interval {}).", contenders[ranking.best].title,
        contenders[tie.target].title, tie.verdict, number(*tie.ratio), range_text(tie.range))));
  }
  for (std::string_view id : {"latency_p50_ms", "server_cpu_us_per_delivery",
                              "memory_kib_per_connection", "bytes_per_delivery"}) {
    auto const best = best_of(contenders, id);
    if (!best) continue;
    std::vector<std::string> names{contenders[*best].title};
    for (Comparison const& comparison : compare(contenders, id)) {
      if (comparison.tie && contenders[comparison.target].eligible) {
        names.push_back(contenders[comparison.target].title);
      }
    }
    sentences.push_back(json::value(fmt::format(
        "{}: {} {} ({}{}).", metric(id).title, names.size() == 1 ? "lowest for" : "a tie of",
        list(names), names.size() == 1 ? "" : "lowest ",
        quantity(contenders[*best].figures[id].value, metric(id).unit))));
  }
  return sentences;
}

// What is lost to a client that never got in is lost in another way than on a connection.
std::string not_connected(json::object const& target) {
  double failed = 0;
  double clients = 0;
  for (json::object const* repetition : measured(target)) {
    failed += number_at(*repetition, "connect_failures").value_or(0);
    clients += number_at(*repetition, "clients").value_or(0);
  }
  if (failed == 0) return "";
  return fmt::format(" ({} of {} clients could not connect)", quantity(failed, ""),
                     quantity(clients, ""));
}

}  // namespace

std::string exclusion(json::object const& target) {
  std::string const title = text_at(target, "title", text_at(target, "id"));
  if (!truth_at(target, "valid", true)) {
    std::vector<std::string> reasons;
    for (json::value const& reason : array_at(target, "invalid_reasons")) {
      if (!reason.is_string()) continue;
      auto& words = reasons.emplace_back(reason.get_string());
      while (words.ends_with('.')) words.pop_back();  // they are joined into one sentence
    }
    return fmt::format("{} was not measured validly and cannot win: {}.", title,
                       fmt::join(reasons, "; "));
  }
  double const lost = number_at(figure_of(target, "lost"), "value").value_or(0);
  if (lost > 0)
    return fmt::format("{} lost {} deliver{}{} and cannot win.", title, quantity(lost, ""),
                       lost == 1 ? "y" : "ies", not_connected(target));
  double const unentitled = number_at(figure_of(target, "unentitled"), "value").value_or(0);
  if (unentitled > 0)
    return fmt::format("{} sent {} event{} to clients that had not subscribed and cannot win.",
                       title, quantity(unentitled, ""), unentitled == 1 ? "" : "s");
  return "";
}

json::object answer(json::object const& result, std::vector<Contender> const& contenders) {
  json::array excluded;
  for (json::value const& target : array_at(result, "targets")) {
    std::string const reason = exclusion(target.as_object());
    if (reason.empty()) continue;
    excluded.push_back(json::object{{"id", text_at(target.as_object(), "id")},
                                    {"title", text_at(target.as_object(), "title")},
                                    {"reason", reason}});
  }
  json::object object{
      {"metric", deciding_metric},
      {"winners", json::array{}},
      {"tie", false},
      {"verdict", "none"},
      {"sentence", "No target was measured validly and without loss, so there is no winner."},
      {"details", json::array{}},
      {"load", load(result)},
      {"confidence", "None: there is nothing to compare."},
      {"excluded", std::move(excluded)}};
  auto const best = best_of(contenders, deciding_metric);
  if (!best) return object;
  Ranking const ranking = rank(contenders, *best);
  json::array winners{json::value(contenders[*best].id)};
  for (Comparison const& tie : ranking.ties)
    winners.push_back(json::value(contenders[tie.target].id));
  object["winners"] = std::move(winners);
  object["tie"] = !ranking.ties.empty();
  object["verdict"] = verdict(contenders, ranking);
  object["sentence"] = sentence(contenders, ranking);
  object["details"] = details(contenders, ranking);
  object["confidence"] = confidence(contenders, ranking);
  if (ranking.next) object["next"] = to_json(*ranking.next, contenders);
  return object;
}

}  // namespace pushlab::results

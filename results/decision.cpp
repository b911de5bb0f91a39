#include "results/decision.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "results/experiment.hpp"
#include "results/format.hpp"
#include "results/option.hpp"
#include "results/read.hpp"
#include "results/scoring.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

constexpr double sure_enough = 0.9;

struct Contest {
  Field field;
  std::vector<double> weights;
  Values scores;
  Totals totals;
  std::vector<std::optional<std::size_t>> standing;  // by option
  Tally tally;
  std::vector<std::size_t> ranking;  // of the standing candidates, most wins first
};

Contest contest(json::object const& run, Weights const& weights) {
  Contest all{field_of(run), normalised(weights), {}, {}, {}, {}, {}};
  auto const& candidates = all.field.candidates;
  all.scores = scores_of(values_of(candidates));
  all.totals = totals_of(all.scores, all.weights);
  all.standing = representatives(candidates, all.totals);
  all.tally = tally(candidates, all.weights, all.standing);
  for (auto const& one : all.standing)
    if (one) all.ranking.push_back(*one);
  std::ranges::sort(all.ranking, std::greater{}, [&](std::size_t i) {
    return std::tuple(std::round(all.tally.wins[i] * draws), all.totals[i], ~i);
  });
  return all;
}

std::string name_of(Contest const& all, std::size_t candidate) {
  return std::string(options()[all.field.candidates[candidate].option].title);
}

json::string id_of(Contest const& all, std::size_t candidate) {
  return json::string(options()[all.field.candidates[candidate].option].id);
}

// Whom the draws leave in question: the first few that have nine of ten wins together.
std::vector<std::size_t> between(Contest const& all) {
  std::vector<std::size_t> found;
  if (all.tally.leaders.empty()) return found;
  double wins = 0;
  for (auto const candidate : all.ranking) {
    if (wins >= sure_enough - 1e-9) break;
    wins += all.tally.wins[candidate];
    found.push_back(candidate);
  }
  return found;
}

json::value or_null(std::optional<double> value) {
  return value && std::isfinite(*value) ? json::value(*value) : json::value(nullptr);
}

json::object measures_json(Contest const& all, std::size_t candidate) {
  json::object object;
  for (std::size_t c = 0; c < criteria().size(); ++c) {
    auto const& measure = all.field.candidates[candidate].measures[c];
    if (!measure) continue;
    json::object figure{{"value", or_null(measure->value.value)},
                        {"lo", or_null(measure->value.lo)},
                        {"hi", or_null(measure->value.hi)},
                        {"metric", measure->metric},
                        {"basis", measure->basis},
                        {"score", all.scores[candidate][c]}};
    if (std::isinf(measure->value.value)) figure["undelivered"] = true;
    object[criteria()[c].id] = std::move(figure);
  }
  return object;
}

json::array options_json(Contest const& all) {
  json::array list;
  for (std::size_t i = 0; i < options().size(); ++i) {
    json::object option{{"id", options()[i].id}, {"title", options()[i].title}};
    if (auto const& one = all.standing[i]) {
      auto const& candidate = all.field.candidates[*one];
      option["target"] = text_at(*candidate.target, "id");
      option["target_title"] = title_of(*candidate.target);
      option["third_party"] = candidate.third_party;
      option["by_way"] = candidate.by_way;
      option["score"] = or_null(all.totals[*one]);
      option["wins"] = all.tally.wins[*one];
      option["front"] = all.tally.front[*one];
      option["measures"] = measures_json(all, *one);
    } else {
      option["absent"] = all.field.absent[i];
    }
    list.push_back(std::move(option));
  }
  return list;
}

// Everybody who could stand, by score: whose program it is makes no difference.
json::array targets_json(Contest const& all) {
  std::vector<std::size_t> order(all.totals.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, std::greater{},
                    [&](std::size_t i) { return std::pair(all.totals[i], ~i); });
  json::array list;
  for (auto const i : order) {
    auto const& candidate = all.field.candidates[i];
    list.push_back(json::object{{"id", text_at(*candidate.target, "id")},
                                {"title", title_of(*candidate.target)},
                                {"option", id_of(all, i)},
                                {"third_party", candidate.third_party},
                                {"score", or_null(all.totals[i])},
                                {"measures", measures_json(all, i)}});
  }
  return list;
}

json::array criteria_json(Contest const& all) {
  json::array list;
  for (std::size_t c = 0; c < criteria().size(); ++c) {
    auto const& criterion = criteria()[c];
    list.push_back(json::object{{"id", criterion.id},
                                {"title", criterion.title},
                                {"unit", criterion.unit},
                                {"weight", all.weights[c]},
                                {"explanation", criterion.explanation},
                                {"phrase", criterion.phrase}});
  }
  return list;
}

std::string turn_text(std::optional<Turn> const& up, std::optional<Turn> const& down) {
  std::vector<std::string> parts;
  auto const to = [](Turn const& turn) { return options()[turn.to].title; };
  if (up)
    parts.push_back(
        fmt::format("{} leads when it counts {} times as much", to(*up), number(up->factor)));
  if (down)
    parts.push_back(down->factor < 0.01 ? fmt::format("{} leads when it hardly counts", to(*down))
                                        : fmt::format("{} leads when it counts {} times as much",
                                                      to(*down), number(down->factor)));
  return parts.empty() ? "No weight of it changes the order." : list(parts) + ".";
}

json::array sensitivity_json(Contest const& all) {
  json::array list;
  auto const put = [](json::object& object, char const* key, std::optional<Turn> const& turn) {
    object[key] = turn ? json::value(turn->factor) : json::value(nullptr);
    object[std::string(key) + "_to"] =
        turn ? json::value(options()[turn->to].id) : json::value(nullptr);
  };
  for (std::size_t c = 0; c < criteria().size(); ++c) {
    auto const up = turn(all.field.candidates, all.weights, c, true);
    auto const down = turn(all.field.candidates, all.weights, c, false);
    json::object object{{"criterion", criteria()[c].id}};
    put(object, "up", up);
    put(object, "down", down);
    bool const counts = all.weights[c] > 0;
    object["sentence"] = counts ? turn_text(up, down) : "It has no weight.";
    list.push_back(std::move(object));
  }
  return list;
}

std::vector<std::string> titles(std::vector<bool> const& marked) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < options().size(); ++i)
    if (marked[i]) names.emplace_back(options()[i].title);
  return names;
}

// Why no choice may be made yet: "WebSocket was not measured validly"; empty when it may.
std::string unfit(Field const& field) {
  std::vector<std::string> reasons;
  auto const add = [&](std::vector<bool> const& marked, char const* one, char const* several) {
    if (auto const names = titles(marked); !names.empty())
      reasons.push_back(fmt::format("{} {}", list(names), names.size() == 1 ? one : several));
  };
  add(field.unknown, "was not measured validly", "were not measured validly");
  add(field.contradicted, "is not as arithmetic says that it must be",
      "are not as arithmetic says that they must be");
  return list(reasons);
}

// Whether they lead together, so that nothing speaks for one of them.
bool tied(Contest const& all, std::vector<std::size_t> open) {
  std::ranges::sort(open, {}, [&](std::size_t i) { return all.field.candidates[i].option; });
  auto const found = all.tally.leaders.find(open);
  return open.size() > 1 && found != all.tally.leaders.end() && found->second >= sure_enough - 1e-9;
}

std::string_view verdict(Contest const& all, std::vector<std::size_t> const& open) {
  if (open.empty()) return "none";
  if (!unfit(all.field).empty()) return "incomplete";
  if (all.ranking.size() == 1) return "alone";
  return open.size() == 1 ? "chosen" : tied(all, open) ? "tie" : "unclear";
}

std::string order_text(Contest const& all, std::vector<std::size_t> const& open) {
  std::vector<std::string> names;
  std::vector<std::string> shares;
  for (auto const candidate : open) {
    names.push_back(name_of(all, candidate));
    shares.push_back(quantity(all.tally.wins[candidate], "share"));
  }
  if (tied(all, open))
    return fmt::format("Nothing that was measured tells {} apart: they have the same score.",
                       list(names));
  return open.size() == 1
             ? fmt::format("{} has the best score in {} of the draws from the figures' intervals.",
                           names.front(), shares.front())
             : fmt::format(
                   "No clear choice between {}: they have the best score in {} of the "
                   "draws from the figures' intervals.",
                   list(names), list(shares));
}

// Then the draws know nothing of how much runs differ.
bool measured_once(json::object const& run, Contest const& all) {
  return std::ranges::any_of(experiments_of(run), [&](Experiment const& experiment) {
    return experiment.name == all.field.experiment &&
           number_at(*experiment.result, "scenario.repetitions").value_or(0) < 2;
  });
}

std::string first_look(json::object const& run, Contest const& all) {
  return measured_once(run, all)
             ? " Each was measured once, so how much runs differ is unknown: this is a first look."
             : "";
}

std::string sentence(json::object const& run, Contest const& all,
                     std::vector<std::size_t> const& open) {
  auto const is = verdict(all, open);
  if (is == "none" && all.ranking.empty())
    return "No option was measured validly and without loss: there is no decision.";
  if (is == "none")
    return "Nothing was measured that counts by these weights: there is no decision.";
  if (is == "alone")
    return fmt::format(
        "{} is the only option that was measured validly and without loss: there is "
        "nothing to choose between.",
        name_of(all, open.front()));
  if (is != "incomplete") return order_text(all, open) + first_look(run, all);
  return fmt::format("No decision yet, because {}: measure again. {}{}", unfit(all.field),
                     titles(all.field.unknown).empty() ? "As it is: " : "Of the rest: ",
                     all.ranking.size() == 1 ? name_of(all, open.front()) + "."
                                             : order_text(all, open) + first_look(run, all));
}

}  // namespace

json::object decide(json::object const& run, Weights const& weights) {
  auto const all = contest(run, weights);
  auto const open = between(all);
  auto const is = verdict(all, open);
  bool const chosen = is == "chosen";
  bool const compared = all.ranking.size() > 1 && !open.empty();
  bool const followed = compared && !tied(all, open);
  json::array ids;
  for (auto const candidate : open) ids.push_back(json::value(id_of(all, candidate)));
  return {{"verdict", is},
          {"sentence", sentence(run, all, open)},
          {"experiment", all.field.experiment},
          {"once", measured_once(run, all)},
          {"chosen", chosen ? json::value(id_of(all, open.front())) : json::value(nullptr)},
          {"between", std::move(ids)},
          {"sure", compared ? all.tally.wins[open.front()] : 0},
          {"runner_up", followed ? json::value(id_of(all, all.ranking[1])) : json::value(nullptr)},
          {"criteria", criteria_json(all)},
          {"options", options_json(all)},
          {"targets", targets_json(all)},
          {"sensitivity", sensitivity_json(all)}};
}

}  // namespace pushlab::results

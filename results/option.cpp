#include "results/option.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "results/answer.hpp"
#include "results/claim_check.hpp"
#include "results/criterion.hpp"
#include "results/experiment.hpp"
#include "results/floor.hpp"
#include "results/format.hpp"
#include "results/oracle.hpp"
#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

constexpr auto all_options = std::to_array<Option>({
    {"sse", "Server-sent events", "sse"},
    {"websocket", "WebSocket", "websocket"},
    {"long-poll", "Long polling", "long-poll"},
    {"short-poll", "Short polling", "short-poll"},
    {"queue", "The front on the event queue (MQTT)", "mqtt"},
    {"reload", "Page reload", "reload"},
});

std::optional<std::size_t> option_of(json::object const& target) {
  auto const found = std::ranges::find(all_options, text_at(target, "strategy"), &Option::strategy);
  if (found == all_options.end() || is_floor(target) || sends_refresh(target)) return std::nullopt;
  return static_cast<std::size_t>(found - all_options.begin());
}

std::vector<Candidate> candidates_in(Experiment const& experiment) {
  std::vector<Candidate> found;
  for (auto const& value : array_at(*experiment.result, "targets")) {
    auto const& target = value.as_object();
    auto const option = option_of(target);
    if (option && is_valid(target) && exclusion(target).empty())
      found.push_back({*option, &target, truth_at(target, "third_party", false), {}, {}});
  }
  return found;
}

std::size_t options_in(std::vector<Candidate> const& candidates) {
  std::set<std::size_t> found;
  for (auto const& candidate : candidates) found.insert(candidate.option);
  return found.size();
}

// The candidate in another experiment: by its name, or as the only form of its target.
json::object const* same_in(Experiment const& experiment, json::object const& target) {
  for (char const* key : {"id", "base"}) {
    std::vector<json::object const*> found;
    for (auto const& value : array_at(*experiment.result, "targets")) {
      auto const& other = value.as_object();
      if (text_at(other, key) == text_at(target, "id") && !sends_refresh(other))
        found.push_back(&other);
    }
    if (!found.empty()) return found.size() == 1 ? found.front() : nullptr;
  }
  return nullptr;
}

Uncertain rest_of(Uncertain const& share) {
  return {1 - share.value, 1 - share.hi, 1 - share.lo};
}

using Measures = std::vector<std::optional<Measure>>;  // one for each candidate

Measures figures_in(Experiment const& experiment, std::string_view metric, Criterion const& by,
                    std::vector<Candidate> const& candidates) {
  Measures found;
  for (auto const& candidate : candidates) {
    auto& measure = found.emplace_back();
    auto const* target = same_in(experiment, *candidate.target);
    if (target == nullptr || !is_valid(*target)) continue;
    auto value = uncertain(figure_of(*target, metric));
    if (!value) continue;
    measure = Measure{by.scale == Scale::share ? rest_of(*value) : *value, std::string(metric),
                      experiment.name};
  }
  return found;
}

// All from one experiment and one metric, or they could not be compared: the one with most of them.
Measures figures(std::vector<Experiment> const& experiments, Criterion const& by,
                 std::vector<Candidate> const& candidates) {
  Measures best(candidates.size());
  auto const known = [](Measures const& measures) {
    return std::ranges::count_if(measures, [](auto const& measure) { return measure.has_value(); });
  };
  for (auto const& experiment : experiments) {
    for (auto const metric : by.metrics) {
      auto measures = figures_in(experiment, metric, by, candidates);
      if (known(measures) > known(best)) best = std::move(measures);
    }
  }
  return best;
}

// `measures` are those of the candidates before it.
std::optional<Measure> figure_by_way(Experiment const& experiment, Criterion const& by,
                                     std::vector<Candidate> const& candidates,
                                     Measures const& measures, json::object const& target) {
  for (std::size_t i = 0; i < measures.size(); ++i) {
    if (!measures[i] || !candidates[i].by_way.empty()) continue;
    auto const& metric = measures[i]->metric;
    auto const* both = same_in(experiment, *candidates[i].target);
    if (both == nullptr || !is_valid(*both)) continue;
    auto const theirs = uncertain(figure_of(*both, metric));
    auto const its = uncertain(figure_of(target, metric));
    if (!theirs || !its) continue;
    auto const value =
        by.scale == Scale::share ? rest_of(*its) : in_proportion(measures[i]->value, *its, *theirs);
    if (value) return Measure{*value, metric, experiment.name};
  }
  return std::nullopt;
}

std::optional<Measure> share(double good, double all, std::string basis) {
  if (all == 0) return std::nullopt;
  double const value = good / all;
  return Measure{{value, value, value}, {}, std::move(basis)};
}

std::optional<double> lost_in(Experiment const& experiment, json::object const& target) {
  auto const* here = same_in(experiment, target);
  if (here == nullptr || !is_valid(*here)) return std::nullopt;
  return number_at(figure_of(*here, "lost"), "value");
}

// Those in which every option was asked: who was asked less often would seem the safer one.
std::vector<Experiment> shared(std::vector<Experiment> const& experiments,
                               std::vector<Candidate> const& candidates) {
  std::vector<Experiment> found;
  for (auto const& experiment : experiments) {
    std::set<std::size_t> asked;
    for (auto const& candidate : candidates)
      if (lost_in(experiment, *candidate.target)) asked.insert(candidate.option);
    if (asked.size() == options_in(candidates)) found.push_back(experiment);
  }
  return found;
}

// Not measured of a candidate that was not in all of them.
std::optional<Measure> reliability(json::object const& target,
                                   std::vector<Experiment> const& experiments) {
  double good = 0;
  for (auto const& experiment : experiments) {
    auto const lost = lost_in(experiment, target);
    if (!lost) return std::nullopt;
    good += *lost == 0;
  }
  auto const count = experiments.size();
  return share(good, static_cast<double>(count),
               fmt::format("{} experiment{}", count, count == 1 ? "" : "s"));
}

// The matrix asks about streams and upgrades only.
std::optional<Measure> passes_proxies(json::object const& run, std::string_view strategy) {
  bool const socket = strategy == "websocket" || strategy == "mqtt";
  if (!socket && strategy != text_at(run, "matrix.strategy", "sse")) return std::nullopt;
  double good = 0;
  double all = 0;
  for (auto const& value : array_at(run, "matrix.rows")) {
    auto const& row = value.as_object();
    if (text_at(row, "flavour") != "default" || row.contains("not_run")) continue;
    good += row_meets(row, socket ? "websocket" : "stream").value_or(false);
    ++all;
  }
  return share(good, all, fmt::format("{} proxies", all));
}

// The first reason will do: the others say the same of other repetitions.
std::string why_invalid(json::object const& target) {
  auto const& reasons = array_at(target, "invalid_reasons");
  std::string first = "no repetition ran to its end";
  if (!reasons.empty() && reasons.front().is_string()) first = reasons.front().as_string();
  while (first.ends_with('.')) first.pop_back();
  return fmt::format("{} was not measured validly: {}.", title_of(target), first);
}

void explain_absence(Field& field, std::size_t option, Experiment const& experiment) {
  auto& reason = field.absent[option];
  for (auto const& value : array_at(*experiment.result, "targets")) {
    auto const& target = value.as_object();
    if (option_of(target) != option) continue;
    bool const valid = is_valid(target);
    field.unknown[option] = field.unknown[option] || !valid;
    if (reason.empty()) reason = valid ? exclusion(target) : why_invalid(target);
  }
  for (auto const& value : array_at(*experiment.result, "skipped")) {
    auto const& target = value.as_object();
    if (reason.empty() &&
        text_at(target, "strategy", text_at(target, "id")) == all_options[option].strategy)
      reason = fmt::format("{} was skipped: {}.", title_of(target), text_at(target, "reason"));
  }
  if (reason.empty())
    reason = fmt::format("It was not measured in the experiment \"{}\".", experiment.name);
}

Experiment const& main_experiment(std::vector<Experiment> const& experiments) {
  auto const rank = [](Experiment const& experiment) {
    return std::pair(options_in(candidates_in(experiment)), experiment.name == "fan-out");
  };
  return *std::ranges::max_element(experiments, {}, rank);
}

bool tried_in(Experiment const& experiment, std::size_t option) {
  return std::ranges::any_of(
      array_at(*experiment.result, "targets"),
      [&](json::value const& target) { return option_of(target.as_object()) == option; });
}

// Those who stand for the option in the first other experiment that shares a candidate.
std::vector<Candidate> candidates_by_way(std::vector<Experiment> const& experiments,
                                         std::vector<Candidate> const& main, std::size_t option) {
  for (auto const& experiment : experiments) {
    bool const shares = std::ranges::any_of(main, [&](Candidate const& candidate) {
      auto const* both = same_in(experiment, *candidate.target);
      return both != nullptr && is_valid(*both);
    });
    if (!shares) continue;
    auto found = candidates_in(experiment);
    std::erase_if(found, [&](Candidate const& candidate) { return candidate.option != option; });
    for (auto& candidate : found) candidate.by_way = experiment.name;
    if (!found.empty()) return found;
  }
  return {};
}

void measure(Field& field, json::object const& run, std::vector<Experiment> const& experiments,
             std::size_t side_by_side) {
  std::vector<Candidate> const together(
      field.candidates.begin(),
      field.candidates.begin() + static_cast<std::ptrdiff_t>(side_by_side));
  auto const with_all = shared(experiments, together);
  for (auto const& criterion : criteria()) {
    auto measures = figures(experiments, criterion, together);
    for (std::size_t i = 0; i < field.candidates.size(); ++i) {
      auto& candidate = field.candidates[i];
      if (i >= side_by_side) {
        auto const there = std::ranges::find(experiments, candidate.by_way, &Experiment::name);
        measures.push_back(
            figure_by_way(*there, criterion, field.candidates, measures, *candidate.target));
      }
      candidate.measures.push_back(criterion.id == "loss" ? reliability(*candidate.target, with_all)
                                   : criterion.id == "proxies"
                                       ? passes_proxies(run, all_options[candidate.option].strategy)
                                       : measures[i]);
    }
  }
}

}  // namespace

std::span<Option const> options() {
  return all_options;
}

Field field_of(json::object const& run) {
  auto experiments = experiments_of(run);
  Field field;
  field.absent.resize(all_options.size());
  field.unknown.resize(all_options.size());
  field.contradicted.resize(all_options.size());
  if (experiments.empty()) return field;
  auto const main = main_experiment(experiments);
  auto const first = std::ranges::find(experiments, main.name, &Experiment::name);
  std::rotate(experiments.begin(), first, first + 1);
  field.experiment = main.name;
  field.candidates = candidates_in(main);
  auto const side_by_side = field.candidates.size();
  for (std::size_t i = 0; i < all_options.size(); ++i) {
    if (tried_in(main, i)) continue;
    std::vector<Candidate> const together(
        field.candidates.begin(),
        field.candidates.begin() + static_cast<std::ptrdiff_t>(side_by_side));
    std::ranges::copy(candidates_by_way(experiments, together, i),
                      std::back_inserter(field.candidates));
  }
  measure(field, run, experiments, side_by_side);
  for (auto const& candidate : field.candidates) {
    auto const& name = candidate.by_way.empty() ? field.experiment : candidate.by_way;
    auto const there = std::ranges::find(experiments, name, &Experiment::name);
    if (contradicted(*there->result, text_at(*candidate.target, "id")))
      field.contradicted[candidate.option] = true;
  }
  for (std::size_t i = 0; i < all_options.size(); ++i) {
    bool const stands = std::ranges::any_of(
        field.candidates, [i](Candidate const& candidate) { return candidate.option == i; });
    if (!stands) explain_absence(field, i, main);
  }
  return field;
}

}  // namespace pushlab::results

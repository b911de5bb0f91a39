#include "results/experiment.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "results/floor.hpp"
#include "results/format.hpp"
#include "results/oracle.hpp"
#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

template <typename Wanted>
std::vector<std::string> titles(json::object const& result, Wanted const& wanted) {
  std::vector<std::string> found;
  for (auto const& target : array_at(result, "targets"))
    if (wanted(target.as_object())) found.push_back(title_of(target.as_object()));
  return found;
}

}  // namespace

std::vector<Experiment> experiments_of(json::object const& run) {
  if (text_at(run, "schema") != decision_schema)
    return {{text_at(run, "scenario.name", "run"), &run}};
  std::vector<Experiment> found;
  for (auto const& value : array_at(run, "experiments"))
    found.push_back({text_at(value.as_object(), "name"), &object_at(value.as_object(), "result")});
  return found;
}

std::string title_of(json::object const& target) {
  return text_at(target, "title", text_at(target, "id"));
}

bool sends_refresh(json::object const& target) {
  if (truth_at(target, "options.refresh", false)) return true;
  for (auto const& argument : array_at(target, "options.server_args"))
    if (argument.is_string() && argument.get_string() == "refresh") return true;
  return false;
}

bool is_valid(json::object const& target) {
  return truth_at(target, "valid", false) && !measured(target).empty();
}

std::vector<std::string> invalid_targets(json::object const& result) {
  return titles(result, [](json::object const& target) { return !is_valid(target); });
}

std::vector<std::string> reservations(json::object const& run) {
  std::vector<std::string> invalid, unresolved, contradictory;
  for (auto const& [name, result] : experiments_of(run)) {
    auto const add = [&](std::vector<std::string>& all, std::vector<std::string> const& found) {
      if (!found.empty()) all.push_back(fmt::format("{} in {}", list(found), name));
    };
    add(invalid, invalid_targets(*result));
    add(unresolved, titles(*result, below_resolution));
    add(contradictory, titles(*result, [&](json::object const& target) {
          return contradicted(*result, text_at(target, "id"));
        }));
  }
  std::vector<std::string> sentences;
  auto const say = [&](std::string_view what, std::vector<std::string> const& found) {
    if (!found.empty()) sentences.push_back(fmt::format("{}: {}.", what, fmt::join(found, "; ")));
  };
  say("Not measured validly, and left out", invalid);
  say("Not as arithmetic says that polling must be, so not to be relied on", contradictory);
  say("So close to the null server or to the generator's lag that a figure says more of the "
      "instrument than of the target",
      unresolved);
  return sentences;
}

}  // namespace pushlab::results

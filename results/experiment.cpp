#include "results/experiment.hpp"

#include <fmt/format.h>

#include "results/format.hpp"
#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

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
  std::vector<std::string> found;
  for (auto const& target : array_at(result, "targets"))
    if (!is_valid(target.as_object())) found.push_back(title_of(target.as_object()));
  return found;
}

std::vector<std::string> invalid_by_experiment(json::object const& run) {
  std::vector<std::string> found;
  for (auto const& [name, result] : experiments_of(run))
    if (auto const titles = invalid_targets(*result); !titles.empty())
      found.push_back(fmt::format("{} in {}", list(titles), name));
  return found;
}

}  // namespace pushlab::results

#include "results/experiment.hpp"

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

bool is_null_server(json::object const& target) {
  return text_at(target, "base", text_at(target, "id")) == "null";
}

bool sends_refresh(json::object const& target) {
  for (auto const& argument : array_at(target, "options.server_args"))
    if (argument.is_string() && argument.get_string() == "refresh") return true;
  for (auto const* repetition : measured(target))
    if (number_at(*repetition, "refreshes").value_or(0) > 0) return true;
  return false;
}

bool is_valid(json::object const& target) {
  return truth_at(target, "valid", false) && !measured(target).empty();
}

}  // namespace pushlab::results

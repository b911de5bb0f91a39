#include "report/content.hpp"

#include <fmt/format.h>

#include "report/decision.hpp"
#include "report/story.hpp"
#include "report/target_look.hpp"
#include "results/read.hpp"
#include "results/summary.hpp"

namespace pushlab::report {

namespace json = boost::json;
using results::array_at;
using results::object_at;
using results::text_at;

namespace {

void summarise_missing(json::object& result) {
  if (!result.contains("answer")) results::summarise(result);
}

json::object prepared(json::object decision) {
  std::vector<json::object*> results;
  json::value* experiments = decision.if_contains("experiments");
  if (experiments != nullptr && experiments->is_array()) {
    for (json::value& experiment : experiments->get_array()) {
      json::object& result = experiment.as_object().at("result").as_object();
      summarise_missing(result);
      result["machine"] = object_at(decision, "machine");
      results.push_back(&result);
    }
  }
  assign_colours(results);
  return decision;
}

std::vector<Source> experiments_of(json::object const& decision) {
  std::vector<Source> found;
  for (json::value const& value : array_at(decision, "experiments")) {
    json::object const& experiment = value.as_object();
    auto const name = text_at(experiment, "name", std::to_string(found.size()));
    found.push_back({name, text_at(experiment, "title", name),
                     fmt::format("experiments[{}].result.", found.size()),
                     object_at(experiment, "result")});
    found.back().result["machine"] = object_at(decision, "machine");
  }
  return found;
}

}  // namespace

std::vector<Source> sources(std::vector<json::object> const& all) {
  std::vector<Source> found;
  for (json::object const& one : all) {
    if (is_decision(one)) {
      for (Source& experiment : experiments_of(one)) found.push_back(std::move(experiment));
    } else {
      auto const name = text_at(one, "scenario.name", "run");
      found.push_back({name, text_at(one, "scenario.title", name), "", one});
    }
  }
  std::vector<json::object*> results;
  for (Source& source : found) {
    summarise_missing(source.result);
    results.push_back(&source.result);
  }
  assign_colours(results);
  return found;
}

Content content(std::vector<json::object> const& all) {
  Content made;
  if (all.size() == 1 && is_decision(all.front())) {
    json::object const whole = prepared(all.front());
    made.title = decision_headline(whole);
    made.body = decision(whole, made.charts);
    return made;
  }
  std::vector<json::object> runs;
  for (Source& source : sources(all)) runs.push_back(std::move(source.result));
  made.title = runs.size() == 1 ? headline(runs[0]) : fmt::format("{} runs compared", runs.size());
  made.body = runs.size() == 1 ? one_run(runs[0], made.charts) : many_runs(runs, made.charts);
  return made;
}

}  // namespace pushlab::report

#include "results/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "results/answer.hpp"
#include "results/comparison.hpp"
#include "results/format.hpp"
#include "results/metric.hpp"
#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

json::value finite(double value) {
  return std::isfinite(value) ? json::value(value) : json::value();
}

json::object figure_json(Figure const& figure) {
  json::object object{{"value", finite(figure.value)},
                      {"lo", figure.range ? finite(figure.range->lo) : json::value()},
                      {"hi", figure.range ? finite(figure.range->hi) : json::value()}};
  if (std::isinf(figure.value)) object["undelivered"] = true;
  if (!figure.remark.empty()) object["remark"] = figure.remark;
  return object;
}

// What speaks against one repetition.
std::vector<std::string> faults(json::object const& repetition) {
  if (json::value const* error = find(repetition, "error"); error != nullptr && !error->is_null()) {
    return {text_at(repetition, "error", "it failed without a reason")};
  }
  if (truth_at(repetition, "generator.valid", false)) return {};
  std::vector<std::string> reasons;
  for (json::value const& reason : array_at(repetition, "generator.invalid_reasons")) {
    if (reason.is_string()) reasons.emplace_back(reason.get_string());
  }
  if (reasons.empty()) reasons.emplace_back("the load generator does not vouch for it");
  return reasons;
}

json::array invalid_reasons(json::object const& target) {
  json::array const& repetitions = array_at(target, "repetitions");
  std::vector<std::pair<std::string, std::vector<std::string>>> found;  // reason, repetitions
  for (std::size_t i = 0; i < repetitions.size(); ++i) {
    if (!repetitions[i].is_object()) throw ResultError("a repetition must be an object");
    for (std::string const& reason : faults(repetitions[i].get_object())) {
      auto known = std::ranges::find(found, reason, [](auto const& entry) { return entry.first; });
      if (known == found.end()) known = found.insert(found.end(), {reason, {}});
      known->second.push_back(std::to_string(i + 1));
    }
  }
  json::array reasons = array_at(target, "invalid_reasons");
  auto const add = [&](std::string const& reason) {
    if (std::ranges::find(reasons, json::value(reason)) == reasons.end()) {
      reasons.push_back(json::value(reason));
    }
  };
  if (repetitions.empty()) add("it has no repetition");
  for (auto const& [reason, numbers] : found) {
    add(fmt::format("repetition{} {}: {}", numbers.size() == 1 ? "" : "s", list(numbers), reason));
  }
  return reasons;
}

void write_figures(json::object& target, TargetFigures const& figures) {
  json::object values;
  for (std::size_t i = 0; i < metrics().size(); ++i) {
    values[metrics()[i].id] = figure_json(figures.figures[i]);
  }
  json::object histograms;
  for (auto const& [name, histogram] : figures.histograms) histograms[name] = histogram.to_json();
  target["figures"] = std::move(values);
  target["histograms"] = std::move(histograms);
}

Contender contender(json::object& target) {
  Contender result{text_at(target, "id"), text_at(target, "title", text_at(target, "id")), false,
                   target_figures(target)};
  write_figures(target, result.figures);
  json::array reasons = invalid_reasons(target);
  target["valid"] = reasons.empty();
  target["invalid_reasons"] = std::move(reasons);
  result.eligible = exclusion(target).empty();
  return result;
}

}  // namespace

void summarise(json::object& result) {
  if (text_at(result, "schema") != schema_name) {
    throw ResultError(fmt::format("the result's schema is \"{}\", but only \"{}\" can be read",
                                  text_at(result, "schema"), schema_name));
  }
  json::value* targets = result.if_contains("targets");
  if (targets == nullptr || !targets->is_array()) throw ResultError("the result has no targets");
  std::vector<Contender> contenders;
  for (json::value& target : targets->get_array()) {
    if (!target.is_object()) throw ResultError("a target must be an object");
    contenders.push_back(contender(target.get_object()));
  }
  json::array comparisons;
  for (Metric const& metric : metrics()) {
    if (metric.better == Better::none) continue;
    for (Comparison const& comparison : compare(contenders, metric.id)) {
      comparisons.push_back(to_json(comparison, contenders));
    }
  }
  result["comparisons"] = std::move(comparisons);
  result["answer"] = answer(result, contenders);
}

}  // namespace pushlab::results

#include "results/validity.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "results/format.hpp"
#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

std::vector<std::string> generator_reasons(json::object const& repetition) {
  std::vector<std::string> reasons;
  for (json::value const& reason : array_at(repetition, "generator.invalid_reasons")) {
    if (reason.is_string()) reasons.emplace_back(reason.get_string());
  }
  if (reasons.empty()) reasons.emplace_back("the load generator does not vouch for it");
  return reasons;
}

// What speaks against one repetition.
std::vector<std::string> faults(json::object const& repetition) {
  if (json::value const* error = find(repetition, "error"); error != nullptr && !error->is_null()) {
    return {text_at(repetition, "error", "it failed without a reason")};
  }
  if (truth_at(repetition, "generator.valid", false) || truth_at(repetition, "left_out", false))
    return {};
  return generator_reasons(repetition);
}

// "run_queue_wait 12 % (limit 10 %)"
std::string check_in_words(json::object const& check) {
  auto const unit = text_at(check, "unit");
  auto const at = [&](char const* name) {
    return quantity(number_at(check, name).value_or(0), unit == "count" ? "" : unit);
  };
  return fmt::format("{} {} (limit {})", text_at(check, "check"), at("value"), at("limit"));
}

}  // namespace

bool only_generator_spoilt(json::object const& repetition) {
  return text_at(repetition, "error").empty() && !truth_at(repetition, "generator.valid", true) &&
         number_at(repetition, "lost").value_or(0) == 0;
}

bool spoilt_by_generator_at_most(json::object const& target) {
  json::array const& repetitions = array_at(target, "repetitions");
  return !repetitions.empty() && std::ranges::all_of(repetitions, [](json::value const& value) {
    return value.is_object() &&
           (faults(value.get_object()).empty() || only_generator_spoilt(value.get_object()));
  });
}

void leave_out_spoilt(json::object& target) {
  json::value* const repetitions = target.if_contains("repetitions");
  if (repetitions == nullptr || !repetitions->is_array()) return;
  std::vector<json::object*> spoilt;
  for (json::value& value : repetitions->get_array()) {
    if (!value.is_object()) continue;
    value.get_object().erase("left_out");
    if (only_generator_spoilt(value.get_object())) spoilt.push_back(&value.get_object());
  }
  std::size_t const all = repetitions->get_array().size();
  if (all - spoilt.size() < std::max<std::size_t>(2, (2 * all + 2) / 3)) return;
  for (json::object* repetition : spoilt) (*repetition)["left_out"] = true;
}

std::vector<std::string> left_out(json::object const& target) {
  std::vector<std::string> found;
  json::array const& repetitions = array_at(target, "repetitions");
  for (std::size_t i = 0; i < repetitions.size(); ++i) {
    json::object const& repetition = repetitions[i].as_object();
    if (!truth_at(repetition, "left_out", false)) continue;
    found.push_back(fmt::format("Repetition {} was left out, the figures rest on the other {}: {}",
                                i + 1, measured(target).size(),
                                fmt::join(generator_reasons(repetition), " ")));
  }
  return found;
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

std::vector<std::string> second_tries(json::object const& target) {
  std::vector<std::string> found;
  for (json::value const& repetition : array_at(target, "repetitions")) {
    if (!repetition.is_object()) continue;
    for (json::value const& first : array_at(repetition.get_object(), "discarded")) {
      std::vector<std::string> checks;
      for (json::value const& check : array_at(first.as_object(), "checks"))
        checks.push_back(check_in_words(check.as_object()));
      auto const block = number_at(repetition.get_object(), "block").value_or(0);
      found.push_back(fmt::format("Block {:.0f} was measured again: {}.", block + 1, list(checks)));
    }
  }
  return found;
}

}  // namespace pushlab::results

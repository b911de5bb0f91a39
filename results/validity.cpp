#include "results/validity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "results/format.hpp"
#include "results/read.hpp"

namespace pushlab::results {

namespace json = boost::json;

namespace {

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

// "run_queue_wait 12 % (limit 10 %)"
std::string check_in_words(json::object const& check) {
  auto const unit = text_at(check, "unit");
  auto const at = [&](char const* name) {
    return quantity(number_at(check, name).value_or(0), unit == "count" ? "" : unit);
  };
  return fmt::format("{} {} (limit {})", text_at(check, "check"), at("value"), at("limit"));
}

}  // namespace

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

#include "driver/second_try.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <vector>

#include "results/read.hpp"
#include "results/validity.hpp"

namespace pushlab::driver {
namespace json = boost::json;
using results::array_at;

std::size_t most_second_tries(std::size_t repetitions) {
  return std::max<std::size_t>(1, repetitions / 4);
}

json::object discarded(json::object const& repetition) {
  json::array checks;
  for (auto const& check : array_at(repetition, "generator.checks"))
    if (results::text_at(check.as_object(), "verdict") == "invalid") checks.push_back(check);
  return {{"started", results::text_at(repetition, "started")},
          {"reasons", array_at(repetition, "generator.invalid_reasons")},
          {"checks", std::move(checks)}};
}

void share_doubts(std::vector<json::object>& together) {
  auto const spoilt = std::ranges::find_if(together, results::only_generator_spoilt);
  if (spoilt == together.end()) return;
  for (auto& repetition : together) {
    auto* const generator = repetition.if_contains("generator");
    if (generator == nullptr || results::only_generator_spoilt(repetition)) continue;
    generator->as_object()["valid"] = false;
    generator->as_object()["invalid_reasons"] = array_at(*spoilt, "generator.invalid_reasons");
  }
}

std::string why_discarded(json::object const& discarded) {
  std::vector<std::string> reasons;
  for (auto const& reason : array_at(discarded, "reasons"))
    reasons.emplace_back(reason.as_string());
  return fmt::format("{}", fmt::join(reasons, " "));
}

}  // namespace pushlab::driver

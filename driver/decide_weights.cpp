#include "driver/decide_weights.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "driver/input_error.hpp"
#include "driver/nearest_name.hpp"

namespace pushlab::driver {
namespace {

[[noreturn]] void refuse(std::string const& given, std::string const& why) {
  throw InputError(fmt::format("--weights {}: {}; the criteria are {}", given, why,
                               fmt::join(criteria(), ", ")));
}

double weight_in(std::string const& given, std::string_view text) {
  double weight = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), weight);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(weight) ||
      weight < 0)
    refuse(given, fmt::format("\"{}\" is no weight: give a number from 0 on", text));
  return weight;
}

}  // namespace

Weights read_weights(std::vector<std::string> const& given) {
  auto const known = criteria();
  Weights weights;
  for (auto const& one : given) {
    auto const equals = one.find('=');
    auto const name = one.substr(0, equals);
    if (equals == std::string::npos) refuse(one, "give CRITERION=NUMBER");
    if (std::ranges::find(known, name) == known.end()) {
      auto const nearest = nearest_name(name, known);
      refuse(one, nearest.empty() ? fmt::format("there is no criterion {}", name)
                                  : fmt::format("there is no criterion {}, perhaps {} is meant",
                                                name, nearest));
    }
    if (!weights.emplace(name, weight_in(one, std::string_view(one).substr(equals + 1))).second)
      refuse(one, fmt::format("{} is given twice", name));
  }
  if (weights.size() == known.size() &&
      std::ranges::all_of(weights, [](auto const& weight) { return weight.second == 0; }))
    refuse(fmt::format("{}", fmt::join(given, ",")), "all are 0: one must count");
  return weights;
}

}  // namespace pushlab::driver

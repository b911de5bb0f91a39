#include "loadgen/schedule/subscriptions.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "loadgen/schedule/random.hpp"

namespace pushlab::loadgen {

namespace {

std::vector<double> zipf_cumulative(unsigned names, double exponent) {
  std::vector<double> cumulative(names);
  double sum = 0;
  for (unsigned k = 0; k < names; ++k) {
    sum += std::pow(k + 1.0, -exponent);
    cumulative[k] = sum;
  }
  return cumulative;
}

// Which name has which popularity, the most popular first: a hash decides, so that the first names
// are nothing special.
std::vector<std::uint32_t> ranked_names(LoadPlan const& plan) {
  std::vector<std::uint32_t> names(plan.names);
  std::iota(names.begin(), names.end(), 0U);
  std::ranges::sort(names, {}, [&](std::uint32_t name) {
    return std::pair(random_bits(plan.seed, Stream::ranks, name), name);
  });
  return names;
}

}  // namespace

Subscriptions::Subscriptions(LoadPlan const& plan)
    : per_client_(plan.subscriptions), subscribers_(plan.names) {
  names_.reserve(std::size_t{plan.clients} * per_client_);
  auto const ranked = ranked_names(plan);
  auto const cumulative = zipf_cumulative(plan.names, plan.zipf_exponent);
  std::uint64_t draw = 0;
  for (std::uint64_t client = 0; client < plan.clients; ++client) {
    auto const mine = static_cast<std::ptrdiff_t>(names_.size());
    while (names_.size() < (client + 1) * per_client_) {
      std::uint64_t name = names_.size() % plan.names;
      if (plan.popularity == Popularity::zipf) {
        auto const point =
            random_unit(plan.seed, Stream::subscriptions, draw++) * cumulative.back();
        auto const place = std::upper_bound(cumulative.begin(), cumulative.end() - 1, point);
        name = ranked[static_cast<std::size_t>(place - cumulative.begin())];
      }
      // A name that this client has already gives way to the next one, so that the draw always
      // ends.
      auto drawn = static_cast<std::uint32_t>(name);
      while (std::find(names_.begin() + mine, names_.end(), drawn) != names_.end()) {
        drawn = (drawn + 1) % plan.names;
      }
      names_.push_back(drawn);
      ++subscribers_[drawn];
    }
  }
}

std::string Subscriptions::joined(std::uint64_t client) const {
  std::string text;
  for (auto const name : of(client)) text += fmt::format("{}t{}", text.empty() ? "" : ",", name);
  return text;
}

}  // namespace pushlab::loadgen

#include "driver/extension.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "results/claims.hpp"
#include "results/read.hpp"

namespace pushlab::driver {
namespace json = boost::json;
using results::array_at;
using results::text_at;
namespace {

constexpr std::size_t most_times_as_many = 4;

struct Wanted {
  Extension extension;
  double block_s;  // how long a block of its targets takes
};

// Sees an experiment as it was: how long a repetition took, and how many the targets had.
Wanted wanted(std::size_t place, json::object const& result, std::vector<std::string> targets) {
  std::size_t all = 0;
  std::size_t had = 0;
  for (json::value const& value : array_at(result, "targets")) {
    json::object const& target = value.as_object();
    auto const repetitions = array_at(target, "repetitions").size();
    all += repetitions;
    if (std::ranges::find(targets, text_at(target, "id")) != targets.end())
      had = std::max(had, repetitions);
  }
  double const duration_s = results::number_at(result, "run.duration_s").value_or(0);
  double const block_s = duration_s / static_cast<double>(std::max<std::size_t>(all, 1)) *
                         static_cast<double>(targets.size());
  return {{place, std::move(targets), static_cast<unsigned>(most_times_as_many * had)}, block_s};
}

}  // namespace

std::vector<Extension> plan_extensions(json::object const& decision, double within_s) {
  auto const undecided = results::undecided_ratios(decision);
  json::array const& experiments = array_at(decision, "experiments");
  std::vector<Wanted> all;
  for (std::size_t i = 0; i < experiments.size(); ++i) {
    json::object const& experiment = experiments[i].as_object();
    auto const found = undecided.find(text_at(experiment, "name"));
    if (found != undecided.end())
      all.push_back(wanted(i, results::object_at(experiment, "result"),
                           {found->second.begin(), found->second.end()}));
  }
  std::ranges::sort(all, {}, &Wanted::block_s);
  std::vector<Extension> plan;
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto& [extension, block_s] = all[i];
    double const share_s = within_s / static_cast<double>(all.size() - i);
    auto const fit = share_s > 0 && block_s > 0 ? std::floor(share_s / block_s) : 0;
    extension.blocks = static_cast<unsigned>(std::min<double>(extension.blocks, fit));
    if (extension.blocks == 0) continue;
    within_s -= extension.blocks * block_s;
    plan.push_back(extension);
  }
  return plan;
}

}  // namespace pushlab::driver

#include "driver/run_plan.hpp"

#include <algorithm>
#include <utility>

namespace pushlab::driver {
namespace {

// SplitMix64 (Steele et al. 2014); std::shuffle differs between standard libraries.
std::uint64_t next_random(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace

std::vector<PlannedRepetition> plan_run(std::vector<unsigned> const& repetitions,
                                        std::uint64_t seed) {
  std::vector<PlannedRepetition> plan;
  auto const most = std::max_element(repetitions.begin(), repetitions.end());
  for (unsigned block = 0; most != repetitions.end() && block < *most; ++block) {
    std::vector<std::size_t> targets;
    for (std::size_t target = 0; target < repetitions.size(); ++target) {
      if (repetitions[target] > block) targets.push_back(target);
    }
    for (std::size_t left = targets.size(); left > 1; --left)
      std::swap(targets[left - 1], targets[next_random(seed) % left]);
    for (std::size_t order = 0; order < targets.size(); ++order)
      plan.push_back({block, static_cast<unsigned>(order), targets[order]});
  }
  return plan;
}

}  // namespace pushlab::driver

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pushlab::driver {

struct PlannedRepetition {
  unsigned block;
  unsigned order;      // within the block
  std::size_t target;  // index into the scenario's targets
};

// Randomised complete blocks: block b holds every target that has more than b repetitions, once,
// in an order drawn from the seed; so drift of the machine falls on all targets alike. The same
// seed gives the same plan on every platform.
std::vector<PlannedRepetition> plan_run(std::vector<unsigned> const& repetitions,
                                        std::uint64_t seed);

}  // namespace pushlab::driver

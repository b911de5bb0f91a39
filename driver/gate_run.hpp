#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "driver/exact_counts.hpp"
#include "driver/gate_file.hpp"
#include "driver/gate_measure.hpp"
#include "results/gate.hpp"

namespace pushlab::driver {

struct GateOptions {
  // Where servers and generators are kept; empty: wherever they are put.
  Cores cores;
  bool complete = false;    // goes on until every metric is decided, also after a failure
  std::size_t targets = 1;  // of this gate
};

// Counts of notifications as large as the gate's.
CountPlan count_plan(GateFile const& gate, Target const& target);

// Restarts until the verdict is known; an invalid restart is repeated, too many make an invalid
// verdict. `label` goes in front of the progress. Throws RunInterrupted.
results::GatedTarget gate_target(GateFile const& gate, GateTargets const& targets,
                                 GateOptions const& options, std::uint64_t seed,
                                 std::filesystem::path const& folder, std::string const& label);

}  // namespace pushlab::driver

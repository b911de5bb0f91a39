#pragma once

#include <array>
#include <cstdint>
#include <filesystem>

#include "driver/gate_file.hpp"
#include "driver/machine.hpp"
#include "driver/target.hpp"
#include "results/gate_restart.hpp"

namespace pushlab::driver {

// Base and head of one strategy; the order is that of results: base first.
using GateTargets = std::array<Target, 2>;

// One restart: both servers fresh, started in a random order; then at the same time pairs of events
// (streams, long polls) or of GETs (short polls, reloads), then set-ups, then a crowd of idle
// connections each. Short polls and reloads have a second of events before, for their faults only.
// What goes wrong with the machine or the generator makes it invalid, what goes wrong with a server
// is a fault of its side, also that it does not start. Logs go to `folder`. Throws TargetError when
// base does not start, RunInterrupted.
results::GateRestart measure_restart(GateFile const& gate, GateTargets const& targets,
                                     Cores const& cores, std::uint64_t seed,
                                     std::filesystem::path const& folder);

// How long one takes when nothing goes wrong.
double usual_seconds(GateFile const& gate);

}  // namespace pushlab::driver

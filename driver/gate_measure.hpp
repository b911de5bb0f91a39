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
// connections each. What goes wrong with the machine or the generator makes it invalid, what goes
// wrong with a server is a fault of its side. Logs go to `folder`. A server of head that does
// not become ready is a fault of head. Throws TargetError when a program cannot be run at all, or
// base does not become ready.
results::GateRestart measure_restart(GateFile const& gate, GateTargets const& targets,
                                     Cores const& cores, std::uint64_t seed,
                                     std::filesystem::path const& folder);

// How long one takes when nothing goes wrong.
double usual_seconds(GateFile const& gate);

}  // namespace pushlab::driver

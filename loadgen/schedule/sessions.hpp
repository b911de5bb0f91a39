// How long clients stay, when the plan has churn: log-normal sessions with the plan's median and
// sigma 1.5, drawn per client and session; between two of them the client is away for a pause.
#pragma once

#include <cstdint>
#include <vector>

#include "loadgen/load_plan.hpp"

namespace pushlab::loadgen {

// In ns since the start of the warm-up, the end excluded.
struct Absence {
  std::int64_t begin_ns;
  std::int64_t end_ns;
};

// The absences of one client that begin before `end_ns`, ascending. At the start it is somewhere
// in a session: clients do not begin all at once, so that as many leave at any time.
std::vector<Absence> absences_of(LoadPlan const& plan, std::uint64_t client, std::int64_t end_ns);

}  // namespace pushlab::loadgen

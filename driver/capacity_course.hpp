#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "driver/capacity_probe.hpp"
#include "driver/capacity_search.hpp"

namespace pushlab::driver {

// How a search went.
struct CapacityCourse {
  std::vector<Probe> probes;
  double max = 0;                   // the highest load that held once; 0: none did
  double confirmed = 0;             // the one that held again and again; 0: none did
  std::optional<double> fails;      // the lowest load above `confirmed` that did not hold
  std::optional<double> generator;  // the load at which the load generator was the limit
  std::optional<double> broken;     // the load at which no probe could be carried out
  bool reached_most = false;        // the search was not allowed to go higher
  bool interrupted = false;         // it was ended before it was over

  enum class Outcome { found, none, unconfirmed, generator, broken, interrupted };
  Outcome outcome() const;
};

struct CourseTimes {
  double measure_s;
  std::function<double(double load)> confirm_s;
};

// Carries a search out. `measure` makes one probe of a load for so many seconds and judges it. An
// undecided one is measured again, twice as long, and fails when it stays undecided. One that the
// load generator spoilt is repeated once; then it fails when a load that is no higher has failed
// already, and else the search is over. So it is when a probe is broken twice, and when `measure`
// throws RunInterrupted: the probes until then stay.
CapacityCourse run_search(CapacitySearch::Bounds const& bounds, CourseTimes const& times,
                          std::function<Probe(double load, double measure_s)> const& measure);

}  // namespace pushlab::driver

#pragma once
// From restarts to verdicts: looks at fixed numbers of restarts, the error rate divided among them.
//
// A metric fails when its effect is surely above the tolerance, passes when it is surely below the
// limit, and is looked at again otherwise. "Surely" is a one-sided bound by Student's t over the
// restarts' values, at alpha divided by the number of looks: of gates without any change, fewer
// than alpha fail for a metric. What was decided at one look stays decided.

#include <span>
#include <string>
#include <vector>

#include "results/gate.hpp"
#include "results/gate_restart.hpp"

namespace pushlab::results {

struct MetricRule {
  std::string id;  // of GateRestart::values, or "stalled_events"
  std::string title;
  std::string unit;
  double tolerance = 0;  // shares; of stalled events the excess as a share of all events
  double limit = 0;
};

struct GateRules {
  std::vector<unsigned> looks{5, 10, 15};  // ascending
  double alpha = 0.01;                     // of all looks at one metric
  std::vector<MetricRule> metrics;
};

// The metrics in the order of the rules, then "faults" for what has to be 0. One that no restart
// has a value of is left out. `restarts`: the valid ones, in order; `discarded`: the invalid ones.
//
// Of a server that did not become ready, or did not let all its clients in, once may be an accident
// of the machine: it fails when head alone did so in two restarts, valid or not.
std::vector<GatedMetric> judge(GateRules const& rules, std::span<GateRestart const> restarts,
                               std::span<GateRestart const> discarded = {});

// Whether head broke a promise that is no accident of the machine, even in an invalid restart.
bool head_is_at_fault(GateRestart const& restart);

// Whether more restarts could change something: no fault, and there was no look yet or a metric is
// open that has a look ahead. `complete`: also after a failure.
bool goes_on(GateRules const& rules, std::vector<GatedMetric> const& metrics, std::size_t restarts,
             bool complete);

// The worst of them.
GateVerdict verdict_of(std::vector<GatedMetric> const& metrics);

}  // namespace pushlab::results

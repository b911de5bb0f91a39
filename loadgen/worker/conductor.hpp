// Leads a run through its phases: looks at the board, decides, tells the observer.
//
// Has no thread of its own: the only worker calls step() from its loop, or the parent of several
// from its wait.
#pragma once

#include <cstdint>
#include <string>

#include "loadgen/load.hpp"
#include "loadgen/recorder/event_log.hpp"
#include "loadgen/schedule/arrival_plan.hpp"
#include "loadgen/schedule/audience.hpp"
#include "loadgen/schedule/subscriptions.hpp"
#include "loadgen/worker/board.hpp"

namespace pushlab::loadgen {

// What a run is compiled to before its first connect; the same for every worker.
struct LoadScript {
  LoadPlan const& plan;
  ArrivalPlan const& arrivals;
  Subscriptions const& subscriptions;
  Audience const& audience;
  std::uint16_t run;  // tells this run's events from another's
};

class Conductor {
 public:
  Conductor(LoadScript const& script, EventLog& log, Board& board, LoadObserver& observer);

  // Returns when it wants to be called again. Throws LoadError when the run cannot go on.
  std::int64_t step(std::int64_t now_ns);

  bool lets_go(std::uint32_t event) { return observer_.lets_go(event); }

  bool done() const { return phase_ == Phase::done; }
  bool interrupted() const { return interrupted_; }

 private:
  void enter(Phase phase, std::int64_t now_ns);
  void step_connect(std::int64_t now_ns);
  void start_schedule(std::int64_t now_ns);
  void begin_drain(std::int64_t now_ns);
  void end_measured(std::int64_t now_ns);  // earlier than planned
  void interrupt(std::int64_t now_ns);
  void report(std::int64_t now_ns);
  std::int64_t boundary() const;  // when the phase ends at the latest

  LoadScript const& script_;
  EventLog& log_;
  Board& board_;
  LoadObserver& observer_;
  Phase phase_ = Phase::connect;
  bool told_connect_ = false;
  bool interrupted_ = false;
  std::int64_t entered_ns_ = 0;
  std::int64_t reported_ns_ = 0;
  std::uint64_t expected_ = 0;  // pairs of measured events, known when the drain begins
};

}  // namespace pushlab::loadgen

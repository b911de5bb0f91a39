// Runs one load plan from the first connect to the last drained delivery.
//
//   connect -> settle -> warm-up -> measure -> drain -> done
//
// Blocks the calling thread, which is also the load generator's only thread when `workers` is 1.
// With more workers the process forks, so call it before starting other threads.
#pragma once

#include <cstdint>
#include <stdexcept>

#include "loadgen/load_plan.hpp"
#include "loadgen/load_result.hpp"

namespace pushlab::loadgen {

enum class Phase : std::uint8_t { connect, connected, warm_up, measure, drain, done };

struct Progress {
  Phase phase = Phase::connect;
  std::uint64_t connected = 0;
  std::uint64_t connect_failures = 0;
  std::uint64_t events_sent = 0;     // of the whole run
  std::uint64_t events_planned = 0;  // 0 in lockstep
  std::uint64_t delivered = 0;       // pairs of the whole run
  double left_s = 0;  // until the end of the measured phase; an estimate while connecting
};

// Called on the thread of run_load, between its turns: an observer that dawdles delays the load.
class LoadObserver {
 public:
  virtual ~LoadObserver() = default;

  // `at_ns` is CLOCK_MONOTONIC. `connected` starts the settle time: every client stands and nothing
  // is sent.
  virtual void phase(Phase, std::int64_t /*at_ns*/) {}
  virtual void progress(Progress const&) {}  // at most five times a second
  virtual bool stop_requested() const {
    return false;
  }  // true ends the run in order, at the next turn
  // With LoadPlan::events: whether event `event` may leave, or, when it is their number, whether
  // the run may end. All clients have the one before. Asked again a millisecond later.
  virtual bool lets_go(std::uint32_t /*event*/) { return true; }
};

// The plan is not sound or the machine cannot carry it; what() is the sentence for the user.
struct LoadError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

LoadResult run_load(LoadPlan const& plan, LoadObserver& observer);

}  // namespace pushlab::loadgen

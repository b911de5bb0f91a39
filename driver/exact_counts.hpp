#pragma once
// What a target needs for one delivery, counted and not timed.
//
// A fresh server under a counting tool; its clients connect; then events go out one by one. The
// next one leaves when all clients have the last one and every thread of the server waits. So an
// event is one turn of the server, whatever the machine does besides, and its count is the same
// every time.
//
// Blocks the calling thread; starts children, so call it before there are other threads.

#include <string>
#include <vector>

#include "driver/target.hpp"
#include "results/gate_counts.hpp"

namespace pushlab::driver {

struct CountPlan {
  unsigned clients = 20;
  unsigned events = 110;  // the first ten are not counted
  unsigned payload_bytes = 200;
  unsigned times = 2;        // each count is taken so often, to see whether it repeats
  bool instructions = true;  // takes most of the time
};

// For counts that are to repeat. Polls are asked by one client only: with several, how many
// requests the server finds at once differs from time to time.
CountPlan exact_plan(Target const& target);

// Bytes, writes, system calls, allocations and instructions; about ten seconds. What cannot be
// counted has a reason instead of a value. Throws InputError when the target has no [start].
std::vector<results::ExactCount> exact_counts(Target const& target, CountPlan const& plan);

// Only writes and system calls; about one second a time.
std::vector<results::ExactCount> count_system_calls(Target const& target, CountPlan const& plan);

}  // namespace pushlab::driver

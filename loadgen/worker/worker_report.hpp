// What one worker found, as it is merged with the others' and sent between processes.
#pragma once

#include <cstdint>
#include <vector>

#include "loadgen/client/client.hpp"
#include "loadgen/publisher/publisher.hpp"
#include "loadgen/recorder/histogram.hpp"
#include "loadgen/recorder/recorder.hpp"
#include "loadgen/recorder/system_reading.hpp"

namespace pushlab::loadgen {

struct WorkerReport {
  ClientTally total;
  ClientTally measured;  // of the measured phase
  DeliveryCounts counts;
  PublishTally publish;
  RecoveryTally recovery;
  std::int64_t measured_ns = 0;
  std::int64_t cpu_ns = 0;  // of the loop's thread in the measured phase
  double stale_ns = 0;
  WireCount wire;        // of the measured phase
  SystemReading system;  // worker 0 of the machine, too
  Histogram loop_delay;
  Histogram connect;
  Histogram comeback;
  Histogram latency;
  Histogram latency_from_send;
  std::vector<Histogram> seconds;
  std::vector<EventTrace> traces;
};

// Only between processes of one build: plain bytes, no versions.
std::vector<char> to_bytes(WorkerReport const& report);
WorkerReport from_bytes(std::vector<char> const& bytes);  // throws std::out_of_range when cut

}  // namespace pushlab::loadgen

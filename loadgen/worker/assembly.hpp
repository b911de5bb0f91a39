// Puts the workers' reports together into the result of the run.
#pragma once

#include <vector>

#include "loadgen/load_result.hpp"
#include "loadgen/recorder/event_log.hpp"
#include "loadgen/worker/board.hpp"
#include "loadgen/worker/conductor.hpp"
#include "loadgen/worker/worker_report.hpp"

namespace pushlab::loadgen {

LoadResult assemble(LoadScript const& script, Board const& board, EventLog const& log,
                    std::vector<WorkerReport> const& reports);

// One event's trace over all workers: exact from the samples of both.
EventTrace merged(EventTrace const& a, EventTrace const& b, std::uint64_t expected);

}  // namespace pushlab::loadgen

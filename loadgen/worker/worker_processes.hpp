// Runs a plan's workers as processes; the calling process conducts.
//
// The children ignore SIGINT, obey the board and die with their parent. Their reports come back
// through memory files, so that no pipe can fill up and stop a worker. Every child is reaped before
// this returns or throws.
#pragma once

#include <vector>

#include "loadgen/recorder/event_log.hpp"
#include "loadgen/worker/board.hpp"
#include "loadgen/worker/conductor.hpp"
#include "loadgen/worker/worker_report.hpp"

namespace pushlab::loadgen {

std::vector<WorkerReport> run_processes(LoadScript const& script, EventLog& log, Board& board,
                                        Conductor& conductor);

}  // namespace pushlab::loadgen

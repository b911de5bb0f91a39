#include "loadgen/load.hpp"

#include <fmt/core.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <new>

#include "loadgen/loop/clock.hpp"
#include "loadgen/schedule/random.hpp"
#include "loadgen/worker/assembly.hpp"
#include "loadgen/worker/conductor.hpp"
#include "loadgen/worker/worker.hpp"
#include "loadgen/worker/worker_processes.hpp"

namespace pushlab::loadgen {

namespace {

constexpr std::size_t lockstep_events = 1 << 20;
constexpr std::uint64_t spare_files = 600;  // publishers, epolls, libcurl's own

// Raises the limit of open files as far as allowed and says so when that is not enough.
void check_open_files(LoadPlan const& plan) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  auto const sockets = std::uint64_t{plan.clients} * (plan.refresh ? 2 : 1);
  auto const needed = sockets / plan.workers + spare_files;
  if (needed <= limit.rlim_cur) return;
  throw LoadError(fmt::format(
      "{} clients in {} process(es) need {} open files each, but the limit is {}: raise it with "
      "'ulimit -n {}', or set more workers",
      plan.clients, plan.workers, needed, limit.rlim_cur, needed));
}

std::uint16_t new_run_id(std::uint64_t seed) {
  auto const here = static_cast<std::uint64_t>(now_ns()) ^ static_cast<std::uint64_t>(::getpid())
                                                               << 40;
  return static_cast<std::uint16_t>(mix(seed ^ mix(here)));
}

WorkerReport run_here(LoadScript const& script, EventLog& log, Board& board, Conductor& conductor) {
  Worker worker(script, log, board, 0);
  worker.run([&](std::int64_t now) { return conductor.step(now); },
             [&](std::uint32_t event) { return conductor.lets_go(event); });
  return worker.report();
}

}  // namespace

LoadResult run_load(LoadPlan const& plan, LoadObserver& observer) {
  if (auto const problem = problem_of(plan)) throw LoadError(*problem);
  check_open_files(plan);
  auto const arrivals = compile_arrivals(plan);
  Subscriptions const subscriptions(plan);
  Audience const audience(plan, arrivals, subscriptions);
  LoadScript const script{plan, arrivals, subscriptions, audience, new_run_id(plan.seed)};

  EventLog log(plan.arrivals == Arrivals::lockstep ? lockstep_events : arrivals.intended_ns.size());
  SharedMemory board_memory(sizeof(Board));
  auto& board = *new (board_memory.data()) Board{};
  Conductor conductor(script, log, board, observer);
  std::vector<WorkerReport> reports;
  if (plan.workers == 1) {
    reports.push_back(run_here(script, log, board, conductor));
  } else {
    reports = run_processes(script, log, board, conductor);
  }
  auto result = assemble(script, board, log, reports);
  result.interrupted = conductor.interrupted();
  return result;
}

}  // namespace pushlab::loadgen

#include "loadgen/worker/conductor.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "loadgen/loop/clock.hpp"
#include "loadgen/worker/measured_events.hpp"

namespace pushlab::loadgen {

namespace {

constexpr std::int64_t turn_ns = 10'000'000;
constexpr std::int64_t report_gap_ns = 200'000'000;
// Between the announcement of the start and the start: every worker looks at the board more often.
constexpr std::int64_t lead_ns = 100'000'000;

}  // namespace

Conductor::Conductor(LoadScript const& script, EventLog& log, Board& board, LoadObserver& observer)
    : script_(script), log_(log), board_(board), observer_(observer) {}

void Conductor::enter(Phase phase, std::int64_t now) {
  phase_ = phase;
  entered_ns_ = now;
  observer_.phase(phase, now);
}

std::int64_t Conductor::boundary() const {
  auto const start = board_.start_ns.load(std::memory_order_relaxed);
  switch (phase_) {
    case Phase::connected:
      return entered_ns_ + ns_from_s(script_.plan.settle_s);
    case Phase::warm_up:
      return start + script_.arrivals.measure_begin_ns;
    case Phase::measure:
      return board_.measure_end_ns.load(std::memory_order_relaxed);
    case Phase::drain:
      return entered_ns_ + ns_from_s(script_.plan.drain_s);
    case Phase::connect:
    case Phase::done:
      break;
  }
  return INT64_MAX;
}

std::int64_t Conductor::step(std::int64_t now) {
  if (!told_connect_) {
    told_connect_ = true;
    enter(Phase::connect, now);
  }
  if (!interrupted_ && observer_.stop_requested()) interrupt(now);
  if (phase_ == Phase::connect) step_connect(now);
  if (phase_ == Phase::connected && now >= boundary()) start_schedule(now);
  if (phase_ == Phase::warm_up && now >= boundary()) enter(Phase::measure, now);
  if (phase_ == Phase::measure && board_.workers[0].all_events_out.load(std::memory_order_acquire))
    end_measured(now);
  if (phase_ == Phase::measure && now >= boundary()) begin_drain(now);
  if (phase_ == Phase::drain &&
      (now >= boundary() || board_.sum(&WorkerLine::measured) >= expected_)) {
    board_.stop.store(true, std::memory_order_release);
    enter(Phase::done, now);
  }
  report(now);
  return std::min(now + turn_ns, std::max(now + 1, boundary()));
}

void Conductor::step_connect(std::int64_t now) {
  if (board_.workers[0].ingest_refused.load(std::memory_order_acquire)) {
    throw LoadError(fmt::format("the ingest {} cannot be reached: {}", script_.plan.ingest.url,
                                board_.workers[0].trouble.data()));
  }
  auto const connected = board_.sum(&WorkerLine::connected);
  auto const failed = board_.sum(&WorkerLine::connect_failures);
  if (connected + failed < script_.plan.clients) return;
  if (connected == 0) {
    throw LoadError(fmt::format("no client could connect to {}: {}", script_.plan.client_url,
                                board_.trouble()));
  }
  if (board_.workers[0].publisher_ready.load(std::memory_order_acquire)) {
    enter(Phase::connected, now);
  }
}

void Conductor::start_schedule(std::int64_t now) {
  auto const agreed = script_.plan.start_at_ns;
  if (agreed != 0 && agreed < now + lead_ns) {
    throw LoadError(fmt::format(
        "the clients were connected and settled {} ms after the agreed start: agree on a later one",
        (now + lead_ns - agreed) / 1'000'000));
  }
  auto const start = agreed != 0 ? agreed : now + lead_ns;
  auto const& intended = script_.arrivals.intended_ns;
  for (std::size_t i = 0; i < intended.size(); ++i) {
    log_[i].intended.store(start + intended[i], std::memory_order_relaxed);
  }
  board_.measure_end_ns.store(start + script_.arrivals.measure_end_ns, std::memory_order_relaxed);
  board_.start_ns.store(start, std::memory_order_release);
  enter(Phase::warm_up, now);
}

void Conductor::begin_drain(std::int64_t now) {
  expected_ = 0;
  for_each_measured_event(script_, board_, log_, [&](std::uint32_t event) {
    // Could not be sent to a server that was away: nobody waits for it.
    if (script_.plan.disrupt_at_s >= 0 && log_[event].sent.load() == 0) return;
    expected_ += script_.audience.expected(event);
  });
  enter(Phase::drain, now);
}

void Conductor::end_measured(std::int64_t now) {
  board_.measure_end_ns.store(now, std::memory_order_release);
  begin_drain(now);
}

// What has not been sent by now never will be; what has is drained as usual.
void Conductor::interrupt(std::int64_t now) {
  interrupted_ = true;
  if (phase_ == Phase::warm_up || phase_ == Phase::measure) {
    end_measured(now);
  } else if (phase_ != Phase::done) {
    board_.stop.store(true, std::memory_order_release);
    enter(Phase::done, now);
  }
}

void Conductor::report(std::int64_t now) {
  if (now - reported_ns_ < report_gap_ns) return;
  reported_ns_ = now;
  Progress progress;
  progress.phase = phase_;
  progress.connected = board_.sum(&WorkerLine::connected);
  progress.connect_failures = board_.sum(&WorkerLine::connect_failures);
  progress.events_sent = board_.sum(&WorkerLine::events_sent);
  progress.events_planned = script_.arrivals.intended_ns.size();
  progress.delivered = board_.sum(&WorkerLine::delivered);
  auto const start = board_.start_ns.load(std::memory_order_relaxed);
  auto const left = start == 0 ? ns_from_s(script_.plan.settle_s) + script_.arrivals.measure_end_ns
                               : board_.measure_end_ns.load() - now;
  progress.left_s = static_cast<double>(std::max<std::int64_t>(0, left)) / 1e9;
  observer_.progress(progress);
}

}  // namespace pushlab::loadgen

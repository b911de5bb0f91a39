#include "loadgen/worker/assembly.hpp"

#include <algorithm>
#include <iterator>

#include "loadgen/loop/clock.hpp"
#include "loadgen/recorder/self_watch.hpp"
#include "loadgen/worker/measured_events.hpp"

namespace pushlab::loadgen {

namespace {

// An event that left this late after the end of the measured phase still counts as sent in time.
constexpr std::int64_t send_grace_ns = 10'000'000;

std::int64_t sample_at(std::vector<std::int64_t> const& samples, std::uint64_t rank) {
  return rank >= 1 && rank <= samples.size() ? samples[rank - 1] : -1;
}

void add(ClientTally& to, ClientTally const& from) {
  to.connected += from.connected;
  to.connect_failures += from.connect_failures;
  to.disconnects += from.disconnects;
  to.resets += from.resets;
  to.requests += from.requests;
  to.useless_requests += from.useless_requests;
  to.bytes_received += from.bytes_received;
  to.bytes_sent += from.bytes_sent;
  to.connections += from.connections;
  to.refreshes += from.refreshes;
  to.stale_refreshes += from.stale_refreshes;
  to.sessions_ended += from.sessions_ended;
  to.slow_delivered += from.slow_delivered;
  to.slow_disconnects += from.slow_disconnects;
  to.exhausted += from.exhausted;
}

std::optional<std::int64_t> present(std::int64_t value) {
  return value < 0 ? std::nullopt : std::optional(value);
}

std::optional<double> share(std::optional<std::uint64_t> part, double whole) {
  if (!part || whole <= 0) return std::nullopt;
  return std::min(1.0, static_cast<double>(*part) / whole);
}

class Assembly {
 public:
  Assembly(LoadScript const& script, Board const& board, EventLog const& log)
      : script_(script), board_(board), log_(log) {}

  LoadResult result(std::vector<WorkerReport> const& reports);

 private:
  void merge_workers(std::vector<WorkerReport> const& reports);
  void add_event(std::vector<WorkerReport> const& reports, std::uint32_t event);
  bool while_coming_back(std::int64_t since_begin_ns) const;
  void judge_lag(std::int64_t since_begin_ns, std::int64_t lag_ns);
  void count_losses();
  void add_stale_share(std::vector<WorkerReport> const& reports);
  void add_recovery(std::vector<WorkerReport> const& reports);
  void judge(std::vector<WorkerReport> const& reports);
  SelfFacts facts(std::vector<WorkerReport> const& reports) const;

  LoadScript const& script_;
  Board const& board_;
  EventLog const& log_;
  LoadResult out_;
  Histogram steady_lag_;  // without events while clients came back
  std::optional<std::int64_t> recovery_lag_ns_;
  std::uint64_t sent_in_time_ = 0;
  std::uint64_t unaccepted_ = 0;
};

LoadResult Assembly::result(std::vector<WorkerReport> const& reports) {
  out_.strategy = name_of(script_.plan.strategy);
  out_.clients = script_.plan.clients;
  if (script_.audience.has_churn()) out_.sessions.emplace();
  merge_workers(reports);
  if (script_.plan.disrupt_at_s >= 0) add_recovery(reports);
  for_each_measured_event(script_, board_, log_,
                          [&](std::uint32_t event) { add_event(reports, event); });
  count_losses();
  add_stale_share(reports);
  if (out_.recovery) out_.recovery->unaccepted_events = unaccepted_;
  judge(reports);
  return std::move(out_);
}

void Assembly::merge_workers(std::vector<WorkerReport> const& reports) {
  ClientTally total;
  ClientTally measured;
  WireCount wire;
  for (auto const& report : reports) {
    add(total, report.total);
    add(measured, report.measured);
    wire += report.wire;
    out_.duplicates += report.counts.duplicates;
    out_.out_of_order += report.counts.out_of_order;
    out_.unentitled += report.counts.unentitled;
    out_.malformed += report.counts.malformed;
    out_.publish_errors += report.publish.errors;
    out_.measured_s = std::max(out_.measured_s, static_cast<double>(report.measured_ns) / 1e9);
    out_.connect.merge(report.connect);
    if (out_.sessions) out_.sessions->connect.merge(report.comeback);
    out_.latency.merge(report.latency);
    out_.latency_from_send.merge(report.latency_from_send);
    out_.series.resize(std::max(out_.series.size(), report.seconds.size()));
    for (std::size_t i = 0; i < report.seconds.size(); ++i) {
      out_.series[i].latency.merge(report.seconds[i]);
    }
  }
  for (unsigned i = 0; i < out_.series.size(); ++i) out_.series[i].t_s = i;
  out_.connected = total.connected;
  out_.connect_failures = total.connect_failures;
  out_.disconnects = total.disconnects;
  out_.resets = total.resets;
  auto const streams = is_stream(script_.plan.strategy) && !script_.plan.refresh;
  out_.requests = streams ? total.requests : measured.requests;
  out_.useless_requests = measured.useless_requests;
  out_.bytes_received = measured.bytes_received;
  out_.bytes_sent = measured.bytes_sent;
  out_.connections = measured.connections;
  out_.refreshes = measured.refreshes;
  out_.stale_refreshes = measured.stale_refreshes;
  if (wire.known) out_.wire = wire;
  if (out_.sessions) out_.sessions->ended = measured.sessions_ended;
  if (auto const slow = script_.audience.slow_readers(); slow > 0)
    out_.slow_readers = {slow, measured.slow_delivered, measured.slow_disconnects};
}

void Assembly::add_event(std::vector<WorkerReport> const& reports, std::uint32_t event) {
  auto const expected = script_.audience.expected(event);
  if (out_.sessions) out_.sessions->absent_pairs += script_.audience.absent(event);
  EventTrace trace;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (event >= reports[i].traces.size()) continue;
    auto const& part = reports[i].traces[event];
    trace = reports.size() == 1 ? part : merged(trace, part, expected);
  }
  // Nothing was promised, unless somebody has it: then it had been taken.
  auto const taken = log_[event].answered.load() != 0 || trace.delivered > 0;
  if (script_.plan.disrupt_at_s >= 0 && !taken) {
    ++unaccepted_;
    return;
  }
  auto const begin = board_.start_ns.load() + script_.arrivals.measure_begin_ns;
  auto const intended = log_[event].intended.load();
  auto const sent = log_[event].sent.load();
  auto const second = static_cast<std::size_t>((intended - begin) / ns_per_s);
  auto const lag = sent == 0 ? -1 : sent - intended;
  out_.events += 1;
  out_.expected += expected;
  out_.delivered += trace.delivered;
  out_.event_rows.push_back({intended - begin, lag, expected, trace.delivered,
                             present(trace.first_ns), present(trace.p50_ns), present(trace.p90_ns),
                             present(trace.last_ns)});
  if (second < out_.series.size()) {
    out_.series[second].events += 1;
    out_.series[second].latency.add_undelivered(expected - trace.delivered);
  }
  if (sent == 0) {
    out_.lag.add_undelivered(1);
    steady_lag_.add_undelivered(1);
  } else {
    out_.lag.record(lag);
    judge_lag(intended - begin, lag);
    if (sent < board_.measure_end_ns.load() + send_grace_ns) ++sent_in_time_;
  }
}

bool Assembly::while_coming_back(std::int64_t since_begin_ns) const {
  if (!out_.recovery) return false;
  auto const disrupted_ns = ns_from_s(script_.plan.disrupt_at_s);
  auto const end = out_.recovery->t100_ns;
  return since_begin_ns >= disrupted_ns && (!end || since_begin_ns <= disrupted_ns + *end);
}

void Assembly::judge_lag(std::int64_t since_begin_ns, std::int64_t lag_ns) {
  if (while_coming_back(since_begin_ns)) {
    recovery_lag_ns_ = std::max(recovery_lag_ns_.value_or(0), lag_ns);
  } else {
    steady_lag_.record(lag_ns);
  }
}

void Assembly::count_losses() {
  out_.lost = out_.expected - out_.delivered;
  out_.latency.add_undelivered(out_.lost);
  out_.latency_from_send.add_undelivered(out_.lost);
}

void Assembly::add_stale_share(std::vector<WorkerReport> const& reports) {
  auto const begin = board_.start_ns.load() + script_.arrivals.measure_begin_ns;
  auto const end = board_.measure_end_ns.load();
  if (board_.start_ns.load() == 0 || end <= begin) return;
  double stale_ns = 0;
  for (auto const& report : reports) stale_ns += report.stale_ns;
  auto const pairs = static_cast<double>(script_.plan.clients - script_.audience.slow_readers()) *
                     static_cast<double>(script_.plan.subscriptions);
  out_.stale_share = std::min(1.0, stale_ns / (pairs * static_cast<double>(end - begin)));
}

void Assembly::add_recovery(std::vector<WorkerReport> const& reports) {
  RecoveryResult out;
  std::vector<std::int64_t> after_ns;
  std::int64_t down_ns = -1;
  std::int64_t up_ns = -1;
  auto const earlier = [](std::int64_t a, std::int64_t b) {
    return a < 0 || b < 0 ? std::max(a, b) : std::min(a, b);
  };
  for (auto const& report : reports) {
    auto const& part = report.recovery;
    after_ns.insert(after_ns.end(), part.after_ns.begin(), part.after_ns.end());
    down_ns = earlier(down_ns, part.down_ns);
    up_ns = earlier(up_ns, part.up_ns);
    out.attempts += part.attempts;
    out.failed_attempts += part.failed_attempts;
    out.snapshots += part.snapshots;
  }
  if (down_ns >= 0 && up_ns >= 0) out.down_ns = up_ns - down_ns;
  recovery_order(after_ns);
  out.t50_ns = present(recovered_by(after_ns, 0.5));
  out.t95_ns = present(recovered_by(after_ns, 0.95));
  out.t100_ns = present(recovered_by(after_ns, 1));
  out_.recovery = out;
}

void Assembly::judge(std::vector<WorkerReport> const& reports) {
  auto& self = out_.generator;
  std::int64_t cpu_ns = 0;
  for (auto const& report : reports) {
    cpu_ns += report.cpu_ns;
    if (report.measured_ns > 0) {
      auto const share =
          static_cast<double>(report.cpu_ns) / static_cast<double>(report.measured_ns);
      self.cpu_share = std::max(self.cpu_share, share);
    }
  }
  if (out_.delivered > 0) {
    self.cpu_us_per_delivery =
        static_cast<double>(cpu_ns) / 1e3 / static_cast<double>(out_.delivered);
  }
  if (out_.events > 0) {
    self.send_rate = static_cast<double>(sent_in_time_) / static_cast<double>(out_.events);
  }
  auto const lag = out_.lag.quantile(0.99);
  if (lag) self.lag_ms_p99 = *lag / 1e6;
  self.checks = check_self(facts(reports));
  self.invalid_reasons = invalid_reasons(self.checks);
}

SelfFacts Assembly::facts(std::vector<WorkerReport> const& reports) const {
  SelfFacts out;
  out.cpu_share = out_.generator.cpu_share;
  out.send_rate = out_.generator.send_rate;
  out.lag_p99_ns = steady_lag_.quantile(0.99);
  if (recovery_lag_ns_ && out_.recovery && out_.recovery->t50_ns) {
    out.recovery_lag_ns = static_cast<double>(*recovery_lag_ns_);
    out.recovery_ns = static_cast<double>(*out_.recovery->t50_ns);
  }
  out.latency_p50_ns = out_.latency.median();
  Histogram loop_delay;
  for (auto const& report : reports) {
    loop_delay.merge(report.loop_delay);
    out.exhausted += report.total.exhausted + report.publish.exhausted;
    auto const wait = share(report.system.wait_ns, static_cast<double>(report.measured_ns));
    if (wait) out.wait_share = std::max(out.wait_share.value_or(0), *wait);
  }
  // Two generators share the cores: between its own events one waits while the other one reads.
  if (!is_paired(script_.plan.arrivals)) out.loop_delay_p99_ns = loop_delay.quantile(0.99);
  auto const& machine = reports.front().system;
  auto const ticks = machine.all_ticks.value_or(0);
  out.steal_share = share(machine.steal_ticks, static_cast<double>(ticks));
  out.pressure_share =
      share(machine.pressure_us, static_cast<double>(reports.front().measured_ns) / 1e3);
  out.listen_overflows = machine.listen_overflows;
  out.receive_drops = machine.receive_drops;
  out.backlog_drops = machine.backlog_drops;
  out.has_slow_readers = script_.audience.slow_readers() > 0;
  return out;
}

}  // namespace

EventTrace merged(EventTrace const& a, EventTrace const& b, std::uint64_t expected) {
  EventTrace out;
  out.delivered = a.delivered + b.delivered;
  std::ranges::merge(a.samples, b.samples, std::back_inserter(out.samples));
  out.first_ns = sample_at(out.samples, 1);
  out.p50_ns = sample_at(out.samples, rank_of(50, expected));
  out.p90_ns = sample_at(out.samples, rank_of(90, expected));
  out.last_ns = sample_at(out.samples, expected);
  return out;
}

LoadResult assemble(LoadScript const& script, Board const& board, EventLog const& log,
                    std::vector<WorkerReport> const& reports) {
  return Assembly(script, board, log).result(reports);
}

}  // namespace pushlab::loadgen

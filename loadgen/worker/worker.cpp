#include "loadgen/worker/worker.hpp"

#include <algorithm>

namespace pushlab::loadgen {

namespace {

enum Token : std::uint32_t {
  tick_token,
  turn_token,
  measure_begin_token,
  measure_end_token,
  wire_token,
  probe_token
};

constexpr std::int64_t tick_ns = 20'000'000;
constexpr std::int64_t sweep_ns = ns_per_s;
constexpr std::size_t wire_slice = 64;  // clients whose sockets are asked at a time
constexpr std::int64_t probe_ns = 10'000'000;

// Worker w of n looks after the clients [share_begin(w), share_begin(w + 1)).
std::uint64_t share_begin(LoadPlan const& plan, unsigned worker) {
  return std::uint64_t{plan.clients} * worker / plan.workers;
}

ClientTally difference(ClientTally const& end, ClientTally const& begin) {
  auto out = end;
  out.disconnects -= begin.disconnects;
  out.resets -= begin.resets;
  out.requests -= begin.requests;
  out.useless_requests -= begin.useless_requests;
  out.bytes_received -= begin.bytes_received;
  out.bytes_sent -= begin.bytes_sent;
  out.connections -= begin.connections;
  out.refreshes -= begin.refreshes;
  out.stale_refreshes -= begin.stale_refreshes;
  out.sessions_ended -= begin.sessions_ended;
  out.slow_delivered -= begin.slow_delivered;
  out.slow_disconnects -= begin.slow_disconnects;
  return out;
}

}  // namespace

Worker::Worker(LoadScript const& script, EventLog& log, Board& board, unsigned number)
    : script_(script),
      board_(board),
      number_(number),
      first_(share_begin(script.plan, number)),
      count_(share_begin(script.plan, number + 1) - first_),
      marker_(script.run),
      writer_(script.plan, script.arrivals, marker_),
      check_(script.subscriptions, script.arrivals, script.audience, first_, count_),
      recorder_(log, check_, script.plan.workers > 1),
      bodies_([this](std::uint32_t event) { return writer_.notification(event); }),
      setting_{script.plan,
               script.subscriptions,
               script.audience,
               marker_,
               resolve(parse_url(script.plan.client_url)),
               loop_,
               recorder_,
               bodies_,
               tally_,
               *this} {
  if (script.plan.disrupt_at_s >= 0 && !script.plan.snapshot_url.empty())
    setting_.snapshots = &snapshots_.emplace(setting_);
  clients_ = make_clients(setting_, first_, count_);
  if (number_ == 0) publisher_.emplace(loop_, script.plan, writer_, log);
}

void Worker::run(std::function<std::int64_t(std::int64_t)> turn,
                 std::function<bool(std::uint32_t)> lets_go) {
  turn_ = std::move(turn);
  lets_go_ = std::move(lets_go);
  auto const now = now_ns();
  if (publisher_) publisher_->open();
  start_clients();
  loop_.at(now, *this, tick_token);
  if (turn_) loop_.at(now, *this, turn_token);
  loop_.run();
  if (begun_) read_end(now_ns());  // the last delivery may have come before the end of the phase
  while (reads_wire()) read_wire();
  for (auto const& client : clients_) client->stop();
  if (snapshots_) snapshots_->stop();
  if (publisher_) publisher_->stop();
}

void Worker::on_timer(std::int64_t now, std::uint32_t token) {
  switch (token) {
    case tick_token:
      tick(now);
      break;
    case turn_token:
      write_line();
      loop_.at(turn_(now), *this, turn_token);
      if (board_.stop.load(std::memory_order_acquire)) loop_.stop();
      break;
    case measure_begin_token:
      read_begin(now);
      if (script_.plan.events > 0) begin_lockstep();
      break;
    case measure_end_token:
      read_end(now);
      break;
    case wire_token:
      read_wire();
      if (reads_wire()) loop_.at(now + 1, *this, wire_token);
      break;
    case probe_token:
      probe(now);
      break;
    default:
      break;
  }
}

void Worker::tick(std::int64_t now) {
  write_line();
  loop_.at(now + tick_ns, *this, tick_token);
  if (publisher_) publisher_->tick(now);
  if (board_.stop.load(std::memory_order_acquire)) return loop_.stop();
  auto const start = board_.start_ns.load(std::memory_order_acquire);
  if (start != 0 && !begun_) begin(start);
  if (begun_ && now >= board_.measure_end_ns.load(std::memory_order_relaxed)) read_end(now);
  if (now - swept_ns_ < sweep_ns) return;
  swept_ns_ = now;
  if (snapshots_) snapshots_->tick();
  for (auto const& client : clients_) client->check_deadline(now);
}

void Worker::begin(std::int64_t start) {
  begun_ = true;
  auto const measure_begin = start + script_.arrivals.measure_begin_ns;
  auto const measure_end = start + script_.arrivals.measure_end_ns;
  recorder_.set_measured(measure_begin, measure_end);
  if (script_.plan.disrupt_at_s >= 0) {
    recorder_.recovery().expect(measure_begin + ns_from_s(script_.plan.disrupt_at_s),
                                !is_stream(script_.plan.strategy));
  }
  loop_.at(measure_begin, *this, measure_begin_token);
  loop_.at(measure_end, *this, measure_end_token);
  if (script_.audience.has_churn())
    churn_.emplace(loop_, script_.audience, clients_, first_, start);
  if (!publisher_) return;
  if (script_.plan.arrivals == Arrivals::lockstep) {
    if (script_.plan.events == 0) begin_lockstep();
  } else {
    publisher_->begin_open_loop(static_cast<std::uint32_t>(script_.arrivals.intended_ns.size()));
  }
}

// Counted events are all measured, and so is every byte of theirs.
void Worker::begin_lockstep() {
  if (script_.plan.events > 0) {
    while (reads_wire()) read_wire();
  }
  recorder_.when_complete([this](std::uint32_t) { publisher_->event_complete(); });
  publisher_->begin_lockstep(board_.measure_end_ns.load(std::memory_order_relaxed), lets_go_);
}

void Worker::read_begin(std::int64_t now) {
  begin_ns_ = now;
  begin_cpu_ns_ = thread_cpu_ns();
  begin_tally_ = tally_;
  wire_begin_.due = true;
  loop_.at(now, *this, wire_token);
  begin_system_ = number_ == 0 ? read_machine() : read_thread();
  probe_due_ns_ = now + probe_ns;
  loop_.at(probe_due_ns_, *this, probe_token);
}

// On a schedule that does not wait, so that a pause of ours shows in every timer that it held up.
void Worker::probe(std::int64_t now) {
  if (end_ns_ != 0) return;
  loop_delay_.record(now - probe_due_ns_);
  probe_due_ns_ += probe_ns;
  loop_.at(probe_due_ns_, *this, probe_token);
}

void Worker::read_end(std::int64_t now) {
  if (end_ns_ != 0) return;
  if (begin_ns_ == 0) read_begin(now);  // stopped before the measured phase
  end_ns_ = now;
  end_cpu_ns_ = thread_cpu_ns();
  end_tally_ = tally_;
  end_system_ = number_ == 0 ? read_machine() : read_thread();
  recorder_.end_measured(board_.measure_end_ns.load(std::memory_order_relaxed));
  wire_end_.due = true;
  loop_.at(now, *this, wire_token);
}

bool Worker::reads_wire() const {
  auto const is_under_way = [&](WireReading const& reading) {
    return reading.due && reading.next < clients_.size();
  };
  return is_under_way(wire_begin_) || is_under_way(wire_end_);
}

// In slices, so that no event waits for thousands of system calls. Each client is read at the begin
// before it is read at the end, so its difference is exact however long the reading takes.
void Worker::read_wire() {
  auto& reading = wire_begin_.due && wire_begin_.next < clients_.size() ? wire_begin_ : wire_end_;
  if (!reading.due) return;
  auto const end = std::min(clients_.size(), reading.next + wire_slice);
  for (; reading.next < end; ++reading.next) reading.sum += clients_[reading.next]->wire();
}

void Worker::start_clients() {
  if (starting_) return;  // a connect that fails at once comes back here
  starting_ = true;
  auto const at_once =
      std::max<std::uint64_t>(1, script_.plan.connects_in_flight / script_.plan.workers);
  while (connects_started_ < count_ && connects_started_ - connects_ended_ < at_once) {
    clients_[connects_started_++]->start(now_ns());
  }
  starting_ = false;
}

void Worker::on_connected(std::uint64_t, std::int64_t took_ns) {
  connect_.record(took_ns);
  ++connects_ended_;
  start_clients();
}

void Worker::on_came_back(std::int64_t took_ns) {
  if (begin_ns_ != 0 && end_ns_ == 0) comeback_.record(took_ns);
}

void Worker::on_connect_failed(std::uint64_t, std::string_view why) {
  board_.workers[number_].tell_trouble(why);
  ++connects_ended_;
  start_clients();
}

void Worker::write_line() {
  auto& line = board_.workers[number_];
  auto const put = [](auto& to, auto value) { to.store(value, std::memory_order_relaxed); };
  put(line.connected, tally_.connected);
  put(line.connect_failures, tally_.connect_failures);
  put(line.delivered, recorder_.counts().delivered);
  put(line.measured, recorder_.counts().measured);
  if (!publisher_) return;
  put(line.events_sent, publisher_->tally().sent);
  put(line.publisher_ready, publisher_->is_ready());
  put(line.all_events_out, publisher_->all_out());
  if (!publisher_->trouble().empty() && !begun_) {
    put(line.ingest_refused, true);
    line.tell_trouble(publisher_->trouble());
  }
}

WorkerReport Worker::report() const {
  WorkerReport out;
  out.total = tally_;
  out.measured = difference(end_tally_, begin_tally_);
  out.counts = recorder_.counts();
  out.publish = publisher_ ? publisher_->tally() : PublishTally{};
  out.measured_ns = end_ns_ - begin_ns_;
  out.cpu_ns = end_cpu_ns_ - begin_cpu_ns_;
  out.stale_ns = recorder_.stale_ns();
  out.wire = wire_end_.sum;
  out.wire -= wire_begin_.sum;
  out.system = difference(end_system_, begin_system_);
  out.loop_delay = loop_delay_;
  out.connect = connect_;
  out.comeback = comeback_;
  out.latency = recorder_.latency();
  out.latency_from_send = recorder_.latency_from_send();
  out.seconds = recorder_.seconds();
  out.recovery = recorder_.recovery().tally();
  out.traces = {recorder_.traces().begin(), recorder_.traces().end()};
  return out;
}

}  // namespace pushlab::loadgen

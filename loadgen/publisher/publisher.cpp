#include "loadgen/publisher/publisher.hpp"

#include <algorithm>
#include <system_error>

#include "loadgen/client/client.hpp"
#include "loadgen/loop/clock.hpp"
#include "loadgen/publisher/mqtt_publish_connection.hpp"

namespace pushlab::loadgen {

namespace {

constexpr std::int64_t answer_deadline_ns = 5 * ns_per_s;
constexpr std::int64_t ask_again_ns = 1'000'000;

}  // namespace

Publisher::Publisher(EventLoop& loop, LoadPlan const& plan, NotificationWriter const& writer,
                     EventLog& log)
    : loop_(loop),
      plan_(plan),
      writer_(writer),
      log_(log),
      endpoint_(resolve(parse_url(plan.ingest.url))) {}

// As many as one burst needs, so that no event of the schedule pays for a connect.
void Publisher::open() {
  wanted_ = 4;
  if (plan_.arrivals == Arrivals::bursts)
    wanted_ = std::max<std::size_t>(wanted_, plan_.burst_size);
  if (plan_.arrivals == Arrivals::lockstep) wanted_ = std::max<std::size_t>(wanted_, plan_.window);
  wanted_ = std::min(wanted_, most_connections);
  refill();
}

// So it stays when the ingest closes behind its answers, and when it comes back from a restart.
// Only an answer leads here: an ingest that accepts and closes at once is not asked over and over.
void Publisher::refill() {
  auto const closed = [](auto const& c) { return c->state() == PublishConnection::State::closed; };
  auto open =
      connections_.size() - static_cast<std::size_t>(std::ranges::count_if(connections_, closed));
  for (; open < wanted_; ++open) add_connection();
}

void Publisher::begin_open_loop(std::uint32_t count) {
  count_ = count;
  wait_for_next();
}

void Publisher::begin_lockstep(std::int64_t end_ns, std::function<bool(std::uint32_t)> lets_go) {
  lockstep_end_ns_ = end_ns;
  if (plan_.events > 0) {
    lets_go_ = std::move(lets_go);
    return loop_.at(now_ns() + ask_again_ns, *this);
  }
  count_ = plan_.window;
  send_due(now_ns());
}

void Publisher::event_complete() {
  auto const now = now_ns();
  if (lockstep_end_ns_ == 0 || now >= lockstep_end_ns_ || count_ == log_.size()) return;
  if (lets_go_) return loop_.at(now + ask_again_ns, *this);
  ++count_;
  send_due(now);
}

bool Publisher::is_due(std::int64_t now) const {
  if (next_ >= count_) return false;
  return lockstep_end_ns_ != 0 || log_[next_].intended.load(std::memory_order_relaxed) <= now;
}

void Publisher::on_timer(std::int64_t now, std::uint32_t) {
  if (lets_go_) return ask_for_next(now);
  send_due(now);
}

void Publisher::ask_for_next(std::int64_t now) {
  if (now >= lockstep_end_ns_ || all_out_) return;
  if (!lets_go_(count_)) return loop_.at(now + ask_again_ns, *this);
  all_out_ = count_ == plan_.events;
  if (all_out_) return;
  ++count_;
  send_due(now);
}

void Publisher::send_due(std::int64_t now) {
  while (is_due(now)) {
    auto* const connection = free_connection();
    if (connection == nullptr) {
      if (!has(PublishConnection::State::connecting)) add_connection();
      return;  // goes on as soon as a connection is ready
    }
    send_on(*connection);
  }
  wait_for_next();
}

void Publisher::send_on(PublishConnection& connection) {
  auto const event = next_++;
  auto request = writer_.request(event);
  auto& times = log_[event];
  auto const now = now_ns();
  loop_.saw_time(now);
  if (lockstep_end_ns_ != 0) times.intended.store(now, std::memory_order_relaxed);
  times.sent.store(now, std::memory_order_release);
  ++tally_.sent;
  connection.send(event, std::move(request), now);
}

void Publisher::wait_for_next() {
  if (lockstep_end_ns_ != 0 || next_ >= count_) return;
  auto const due = log_[next_].intended.load(std::memory_order_relaxed);
  if (due == armed_for_ns_) return;
  armed_for_ns_ = due;
  loop_.at(due, *this);
}

PublishConnection* Publisher::free_connection() {
  while (!free_.empty()) {
    auto* const connection = free_.back();
    free_.pop_back();
    if (connection->state() == PublishConnection::State::idle) return connection;
  }
  return nullptr;
}

bool Publisher::has(PublishConnection::State state) const {
  return std::ranges::any_of(connections_, [&](auto const& c) { return c->state() == state; });
}

// A closed one is used again before the pool grows; at the bound the events wait.
void Publisher::add_connection() {
  auto const closed = std::ranges::find_if(
      connections_, [](auto const& c) { return c->state() == PublishConnection::State::closed; });
  if (closed != connections_.end()) return (*closed)->connect();
  if (connections_.size() == most_connections) return;
  if (plan_.ingest.protocol == IngestProtocol::mqtt) {
    connections_.push_back(std::make_unique<MqttPublishConnection>(loop_, endpoint_, *this));
  } else {
    connections_.push_back(std::make_unique<PublishConnection>(loop_, endpoint_, *this));
  }
  connections_.back()->connect();
}

void Publisher::on_connected(PublishConnection& connection) {
  trouble_.clear();
  free_.push_back(&connection);
  send_due(now_ns());
}

void Publisher::on_answer(PublishConnection& connection, std::uint32_t event, unsigned status) {
  auto const now = now_ns();
  if (status >= 200 && status < 300) {
    log_[event].answered.store(now, std::memory_order_relaxed);
  } else {
    ++tally_.errors;
  }
  if (connection.state() == PublishConnection::State::idle) free_.push_back(&connection);
  send_due(now);
  refill();
}

void Publisher::on_cut(std::uint32_t) {
  ++tally_.errors;
  send_due(now_ns());
}

// With no connection left that could carry them, the events that are due have failed.
void Publisher::on_connect_failed(int error) {
  trouble_ = std::system_category().message(error);
  if (is_exhaustion(error)) ++tally_.exhausted;
  if (has(PublishConnection::State::busy) || has(PublishConnection::State::connecting)) return;
  for (auto const now = now_ns(); is_due(now); ++next_) ++tally_.errors;
  wait_for_next();
}

void Publisher::tick(std::int64_t now) {
  for (auto const& connection : connections_)
    connection->give_up_if_older(now - answer_deadline_ns);
}

void Publisher::stop() {
  count_ = next_;
  for (auto const& connection : connections_) connection->close();
}

}  // namespace pushlab::loadgen

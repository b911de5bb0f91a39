#include "servers/net/connection.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/post.hpp>
#include <cerrno>

#include "servers/net/connection_table.hpp"

namespace pushlab::server {

using State = ConnectionTable::State;

Connection::Connection(ConnectionTable& table, Slot slot, Socket socket)
    : table_(table), socket_(std::move(socket)), slot_(slot) {}

void Connection::start() {
  table_.set_deadline(slot_, table_.options_.request_timeout_s);
  wait_readable();
}

bool Connection::idle() const {
  return mode_ == Mode::requests && !reader_ && !outbox_;
}

bool Connection::waiting_for_event() const {
  return mode_ == Mode::held && table_.hot_[slot_].state != State::silent;
}

// Waiting.

void Connection::wait_readable() {
  reading_ = true;
  ++waits_;
  socket_.async_wait(Socket::wait_read, [this](boost::system::error_code ec) { on_readable(ec); });
}

void Connection::wait_writable() {
  ++waits_;
  socket_.async_wait(Socket::wait_write, [this](boost::system::error_code ec) { on_writable(ec); });
}

void Connection::later(std::function<void()> step) {
  ++waits_;
  boost::asio::post(socket_.get_executor(), [this, step = std::move(step)] {
    --waits_;
    if (!ended_) step();
    release_when_quiet();
  });
}

// The last parked operation to come back takes the connection with it.
void Connection::release_when_quiet() {
  if (ended_ && waits_ == 0) table_.release(slot_);
}

// Reading.

void Connection::on_readable(boost::system::error_code ec) {
  --waits_;
  reading_ = false;
  if (!ended_ && ec) end(EndReason::client_closed);
  if (!ended_) {
    auto& scratch = table_.scratch_;
    auto const n = ::recv(socket_.native_handle(), scratch.data(), scratch.size(), MSG_DONTWAIT);
    if (n > 0) {
      table_.hot_[slot_].heartbeat_unanswered = false;
      std::string_view const bytes{scratch.data(), static_cast<std::size_t>(n)};
      mode_ == Mode::stream ? table_.handler_->on_bytes(*this, bytes) : read_requests(bytes);
    } else if (n == 0 || errno == ECONNRESET) {
      end(EndReason::client_closed);
    } else if (errno != EAGAIN && errno != EINTR) {
      end(EndReason::write_failed);  // nothing acknowledges any more what was written
    }
    // Who does not read the answers is not asked for more requests.
    auto const hold_back = outbox_ && mode_ == Mode::requests;
    if (!ended_ && !hold_back && !reading_) wait_readable();
  }
  release_when_quiet();
}

void Connection::read_requests(std::string_view bytes) {
  if (leaving()) return;
  auto& hot = table_.hot_[slot_];
  if (mode_ == Mode::held && hot.state == State::silent)
    mode_ = Mode::requests;  // a fan-out has answered meanwhile
  else if (mode_ == Mode::held && hot.state == State::ready)
    hot.state = State::special;  // the next request waits for this one's answer
  if (!reader_) reader_ = std::make_unique<RequestReader>(table_.options_.request);
  auto outcome = reader_->feed(bytes);
  while (outcome == RequestReader::Outcome::complete && mode_ == Mode::requests && !outbox_) {
    table_.counters_.requests.add(1);
    table_.handler_->on_request(*this, reader_->take());
    if (leaving()) return;
    if (mode_ == Mode::stream) return go_on();
    outcome = reader_->feed({});
  }
  if (outcome == RequestReader::Outcome::bad) return fail_request(reader_->failure());
  if (outcome == RequestReader::Outcome::wants_continue)
    send(owned("HTTP/1.1 100 Continue\r\n\r\n"));
  // What is sent behind a request is kept until that is answered, but not without end.
  if (mode_ != Mode::requests && reader_->rest().size() > table_.scratch_.size())
    return end(EndReason::bad_request);
  if (reader_->empty()) reader_.reset();
  if (mode_ == Mode::requests) await_next_request();
}

// The request at hand is answered, or parked in another way: back to what follows it.
void Connection::go_on() {
  if (leaving()) return;
  if (mode_ == Mode::stream) {
    auto const reader = std::move(reader_);
    if (reader && !reader->rest().empty()) table_.handler_->on_bytes(*this, reader->rest());
  } else if (mode_ == Mode::requests) {
    reader_ ? read_requests({}) : await_next_request();
  }
}

void Connection::await_next_request() {
  table_.set_deadline(slot_,
                      reader_ ? table_.options_.request_timeout_s : table_.options_.idle_timeout_s);
}

void Connection::fail_request(RequestReader::Failure const& failure) {
  Request request;
  request.keep_alive = false;
  send(owned(to_wire(problem(failure.status, failure.detail), request)));
  end_after_writing(EndReason::bad_request);
}

// Answering.

void Connection::respond(Response const& response, Request const& request) {
  send(owned(to_wire(response, request)));
  mode_ = Mode::requests;
  if (!request.keep_alive) end_after_writing(EndReason::served);
}

void Connection::start_stream(bool chunked) {
  mode_ = Mode::stream;
  chunked_ = chunked;
  table_.deadlines_.clear(slot_);
  auto& hot = table_.hot_[slot_];
  hot.after_delivery = chunked ? State::ready : State::special;
  hot.state = outbox_ ? State::blocked : hot.after_delivery;
  table_.touch(hot, slot_);
}

void Connection::hold(Request const& request, std::uint32_t wait_s, bool as_it_is) {
  mode_ = Mode::held;
  keep_alive_ = request.keep_alive;
  auto& hot = table_.hot_[slot_];
  hot.after_delivery = State::silent;
  auto const plain = as_it_is && keep_alive_ && !outbox_ && (!reader_ || reader_->empty());
  hot.state = plain ? State::ready : State::special;
  table_.set_deadline(slot_, wait_s);
}

void Connection::defer(Request request) {
  mode_ = Mode::held;
  table_.hot_[slot_].state = State::special;
  table_.deadlines_.clear(slot_);
  later([this, request = std::move(request)] {
    mode_ = Mode::requests;
    table_.hot_[slot_].state = State::silent;
    table_.handler_->on_request(*this, request);
    go_on();
  });
}

void Connection::suspend() {
  mode_ = Mode::suspended;
  ++waits_;
  table_.deadlines_.clear(slot_);
}

// In a turn of its own, because on_request() may not have returned yet.
void Connection::resume(std::function<void()> step) {
  later([this, step = std::move(step)] {
    if (leaving()) return;
    mode_ = Mode::requests;
    step();
    go_on();
  });
  --waits_;
}

// The held request has its answer. What was pipelined behind it comes in a turn of its own, because
// a fan-out may be under way.
void Connection::answered() {
  table_.hot_[slot_].state = State::silent;
  mode_ = Mode::requests;
  if (!keep_alive_) return end_after_writing(EndReason::served);
  reader_ ? later([this] { read_requests({}); }) : await_next_request();
}

void Connection::deadline_passed() {
  if (leaving()) return end(end_reason_);
  if (mode_ == Mode::requests) return end(EndReason::idle);
  if (table_.hot_[slot_].state == State::silent) return answered();  // by a fan-out, long ago
  table_.handler_->on_deadline(*this);
  answered();
}

// Writing.

void Connection::send(Bytes bytes) {
  if (ended_ || bytes.view.empty()) return;
  if (!outbox_) {
    auto const n = ::send(socket_.native_handle(), bytes.view.data(), bytes.view.size(),
                          MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN && errno != EINTR) return end(EndReason::write_failed);
    table_.touch(table_.hot_[slot_], slot_);
    if (n > 0) bytes.view.remove_prefix(static_cast<std::size_t>(n));
    if (bytes.view.empty()) return;
  }
  queue(std::move(bytes));
}

void Connection::send(std::span<Bytes const> pieces) {
  if (ended_) return;
  auto const is_first = !outbox_;
  if (is_first) outbox_ = std::make_unique<Outbox>(table_.options_.outbox_bytes);
  for (auto const& piece : pieces) outbox_->push_unbounded(piece);
  if (is_first) flush();
}

void Connection::queue(Bytes rest) {
  auto const is_first = !outbox_;
  if (is_first) outbox_ = std::make_unique<Outbox>(table_.options_.outbox_bytes);
  follow_up_conflated();
  outbox_->push_unbounded(std::move(rest));
  auto& state = table_.hot_[slot_].state;
  if (state != State::silent) state = State::blocked;
  if (is_first) wait_writable();
}

void Connection::deliver(Batch const& batch) {
  table_.counters_.deliveries.add(batch.events.size());
  table_.counters_.delivered_bytes.add(batch.bytes.view.size());
  if (mode_ == Mode::held) {
    send(table_.handler_->held_answer(*this, batch.bytes));
    return answered();
  }
  if (outbox_) table_.counters_.queued_writes.add(1);
  if (chunked_) return pass(batch.bytes, batch.events);
  for (auto const& event : batch.events)
    if (!ended_) pass({event, table_.handler_->unchunked(event->frame)}, {&event, 1});
}

// A full socket's share has a bound; beyond it the policy says what happens.
void Connection::pass(Bytes const& bytes, std::span<EventPtr const> events) {
  if (!outbox_) return send(bytes);
  if (outbox_->push(bytes)) return;
  auto const dropped = outbox_->dropped();
  for (auto const& event : events)
    if (table_.options_.overflow == Overflow::disconnect || !outbox_->conflate(event))
      return end(EndReason::slow_reader);
  table_.counters_.conflated.add(outbox_->dropped() - dropped);
}

// Puts what was conflated behind everything else; false when there is nothing.
bool Connection::follow_up_conflated() {
  auto const conflated = outbox_->take_conflated();
  if (!conflated) return false;
  auto const push = [this](Bytes bytes) {
    if (!chunked_) bytes.view = table_.handler_->unchunked(bytes.view);
    outbox_->push_conflated(std::move(bytes));
  };
  auto const& events = conflated->events();
  if (conflated->dropped() > 0)
    push(owned(table_.handler_->conflated(events.front()->seq, conflated->dropped())));
  for (auto const& event : events) push(frame_of(event));
  return true;
}

void Connection::on_writable(boost::system::error_code ec) {
  --waits_;
  if (!ended_ && ec) end(EndReason::write_failed);
  if (!ended_) flush();
  if (!ended_ && !outbox_ && !reading_) {  // it was held back until its answers were taken
    if (reader_) read_requests({});
    if (!ended_ && !outbox_ && !reading_) wait_readable();
  }
  release_when_quiet();
}

// Writes what the socket takes; when that is all, the connection goes on where it was.
void Connection::flush() {
  while (!outbox_->empty() || follow_up_conflated()) {
    std::array<iovec, 64> pieces;
    auto const gathered = outbox_->gather(pieces);
    msghdr message{};
    message.msg_iov = gathered.data();
    message.msg_iovlen = gathered.size();
    auto const n = ::sendmsg(socket_.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return wait_writable();
    if (n < 0) return end(EndReason::write_failed);
    outbox_->consume(static_cast<std::size_t>(n));
  }
  outbox_.reset();
  auto& hot = table_.hot_[slot_];
  table_.touch(hot, slot_);
  if (end_after_writing_) return end(end_reason_);
  if (mode_ == Mode::stream && hot.state == State::blocked) hot.state = hot.after_delivery;
  if (mode_ == Mode::held && hot.state == State::blocked) answered();
}

void Connection::beat() {
  auto& hot = table_.hot_[slot_];
  if (hot.heartbeat_unanswered) return end(EndReason::idle);
  hot.heartbeat_unanswered = table_.handler_->heartbeat_is_answered();
  table_.counters_.heartbeats.add(1);
  auto const beat = table_.handler_->heartbeat();
  send({nullptr, chunked_ ? beat : table_.handler_->unchunked(beat)});
}

// Ending.

void Connection::end_after_writing(EndReason reason) {
  if (!outbox_) return end(reason);
  end_after_writing_ = true;
  end_reason_ = reason;
  table_.hot_[slot_].state = State::silent;
}

// It has been told to go: a client that has not gone in time is cut.
void Connection::dismiss(EndReason reason, std::uint32_t within_s) {
  if (ended_) return;
  dismissed_ = true;
  end_reason_ = reason;
  table_.hot_[slot_].state = State::silent;
  table_.set_deadline(slot_, within_s);
}

void Connection::end(EndReason reason) {
  if (ended_) return;
  if (table_.delivering_) return table_.end_later(slot_, reason);
  if (dismissed_) reason = end_reason_;
  ended_ = true;
  table_.counters_.ended[static_cast<std::size_t>(reason)].add(1);
  table_.hot_[slot_].state = State::silent;
  table_.deadlines_.clear(slot_);
  table_.handler_->on_end(*this);
  table_.guests_.leave(slot_, reason);
  if (outbox_ && (reason == EndReason::slow_reader || dismissed_)) {
    // What the kernel still holds for a reader that stalls is given up with the connection.
    linger const abort{1, 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
  }
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace pushlab::server

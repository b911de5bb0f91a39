#include "loadgen/publisher/publish_connection.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace pushlab::loadgen {

PublishConnection::PublishConnection(EventLoop& loop, Endpoint const& endpoint,
                                     PublishListener& listener)
    : loop_(loop), endpoint_(endpoint), listener_(listener) {}

void PublishConnection::connect() {
  began_ns_ = now_ns();
  socket_ = start_connect(endpoint_);
  if (!socket_.is_open()) return listener_.on_connect_failed(errno);
  state_ = State::connecting;
  wants_write_ = true;
  has_answered_ = false;
  loop_.watch(socket_.get(), EPOLLOUT, *this);
}

void PublishConnection::send(std::uint32_t event, std::string request, std::int64_t now_ns) {
  event_ = event;
  request_ = std::move(request);
  written_ = 0;
  began_ns_ = now_ns;
  forget_answer();
  state_ = State::busy;
  write();
}

void PublishConnection::on_ready(std::uint32_t events) {
  if (state_ == State::connecting && wants_write_) {
    auto const error = connect_error(socket_.get());
    if (error != 0) {
      close();
      return listener_.on_connect_failed(error);
    }
    wants_write_ = false;
    loop_.rewatch(socket_.get(), EPOLLIN, *this);
    return greet();
  }
  if (wants_write_ && (events & EPOLLOUT) != 0) write();
  if (state_ != State::closed && (events & ~std::uint32_t{EPOLLOUT}) != 0) read();
}

void PublishConnection::ready() {
  state_ = State::idle;
  listener_.on_connected(*this);
}

void PublishConnection::say(std::string_view bytes) {
  auto const sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(bytes.size())) cut();
}

void PublishConnection::write() {
  auto const size =
      ::send(socket_.get(), request_.data() + written_, request_.size() - written_, MSG_NOSIGNAL);
  if (size < 0 && errno != EAGAIN && errno != EINTR) return cut();
  if (size > 0) written_ += static_cast<std::size_t>(size);
  auto const wants = written_ < request_.size();
  if (wants == wants_write_) return;
  wants_write_ = wants;
  loop_.rewatch(socket_.get(), wants ? EPOLLIN | EPOLLOUT : EPOLLIN, *this);
}

void PublishConnection::read() {
  auto& scratch = loop_.scratch();
  auto const size = ::recv(socket_.get(), scratch.data(), scratch.size(), 0);
  if (size > 0) return take({scratch.data(), static_cast<std::size_t>(size)});
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (auto const status = status_at_end(); state_ == State::busy && status != 0) {
    return answered(status, false);
  }
  cut();
}

unsigned PublishConnection::status_at_end() const {
  return response_.has_head() && response_.complete_at_end() ? response_.status() : 0;
}

void PublishConnection::take(std::string_view bytes) {
  if (state_ != State::busy) return cut();  // an answer nobody asked for
  while (!response_.next(bytes).empty()) {
  }
  if (response_.failed()) return cut();
  if (!response_.done()) return;
  answered(response_.status(), response_.keeps_alive());
}

void PublishConnection::answered(unsigned status, bool keeps_alive) {
  has_answered_ = true;
  if (keeps_alive && written_ == request_.size()) {
    state_ = State::idle;
  } else {
    close();
  }
  listener_.on_answer(*this, event_, status);
}

void PublishConnection::give_up_if_older(std::int64_t since_ns) {
  if (began_ns_ >= since_ns) return;
  if (state_ == State::busy) return cut();
  if (state_ != State::connecting) return;
  close();
  listener_.on_connect_failed(ETIMEDOUT);
}

void PublishConnection::cut() {
  auto const was = state_;
  close();
  if (was == State::busy) listener_.on_cut(event_);
  // Whoever closes what it has just accepted is not asked again before the next event.
  if (was == State::idle && has_answered_) listener_.on_closed();
  if (was == State::connecting) listener_.on_connect_failed(ECONNREFUSED);
}

void PublishConnection::close() {
  socket_.close();
  state_ = State::closed;
}

}  // namespace pushlab::loadgen

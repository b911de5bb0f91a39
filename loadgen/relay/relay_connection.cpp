#include "loadgen/relay/relay_connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace pushlab::loadgen {

namespace {

constexpr std::uint32_t reset_token = 0;

// An event of an earlier connection with this number must not pass for the end of a connect.
bool has_peer(int fd) {
  sockaddr_storage peer{};
  socklen_t length = sizeof peer;
  return ::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &length) == 0;
}

void reset_at_close(int fd) {
  linger const at_once{1, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace

RelayConnection::RelayConnection(EventLoop& loop, RelayPlan const& plan,
                                 std::function<void(RelayConnection&)> ended)
    : loop_(loop), plan_(plan), ended_(std::move(ended)) {}

void RelayConnection::open(File client, Endpoint const& to, unsigned source, std::uint64_t number) {
  open_ = true;
  reset_due_ns_ = 0;
  auto const now = now_ns();
  auto const delay_ns = static_cast<std::int64_t>(plan_.delay_ms * 1e6);
  for (auto& side : sides_) {
    side.chunks.clear();
    side.held = side.written = 0;
    side.watched = 0;
    side.connecting = side.ended = side.passed_end = side.blocked = false;
    side.armed_ns = 0;
  }
  // The handshake takes a round trip; then what the client says travels, too.
  sides_[0].line.emplace(plan_, 2 * number, now + 3 * delay_ns);
  sides_[1].line.emplace(plan_, 2 * number + 1, now + 2 * delay_ns);
  sides_[0].socket = std::move(client);
  sides_[1].socket = start_connect(to, source);
  sides_[1].connecting = true;
  if (!sides_[1].socket.is_open()) return broke(sides_[1]);
  for (auto& side : sides_) update(side);
}

void RelayConnection::on_ready(Side& side, std::uint32_t events) {
  if (!open_ || !side.socket.is_open()) return;
  if (side.connecting && !finish_connect(side)) return;
  if ((events & EPOLLOUT) != 0) {
    other(side).blocked = false;
    pass(other(side), now_ns());
    if (!open_ || !side.socket.is_open()) return;
  }
  if ((events & ~std::uint32_t{EPOLLOUT}) != 0 && !side.ended) read(side);
  if (open_) update(side);
}

bool RelayConnection::finish_connect(Side& side) {
  if (connect_error(side.socket.get()) != 0) {
    broke(side);
    return false;
  }
  if (!has_peer(side.socket.get())) return false;
  side.connecting = false;
  return true;
}

void RelayConnection::read(Side& side) {
  auto& scratch = loop_.scratch();
  auto const size = ::recv(side.socket.get(), scratch.data(), scratch.size(), 0);
  auto const now = now_ns();
  loop_.saw_time(now);
  if (size < 0) {
    if (errno != EAGAIN && errno != EINTR) broke(side);
    return;
  }
  auto const bytes = static_cast<std::size_t>(size);
  side.ended = bytes == 0;
  side.held += bytes;
  side.chunks.push_back({side.line->due_of(now, bytes), {scratch.data(), bytes}});
  pass(side, now);
}

// Hands on what is due, and comes back when more is.
void RelayConnection::pass(Side& from, std::int64_t now) {
  auto& to = other(from);
  if (!to.socket.is_open() || to.connecting) return;
  while (!from.blocked && !from.chunks.empty() && from.chunks.front().due_ns <= now) {
    if (!write(from)) return;
  }
  if (from.passed_end && to.passed_end) return end(false);
  update(from);
  update(to);
  if (from.blocked || from.chunks.empty()) return;
  auto const due = from.chunks.front().due_ns;
  if (due == from.armed_ns) return;
  from.armed_ns = due;
  loop_.at(due, from, std::max(++from.token, reset_token + 1));
}

// Writes from the first chunk; false when the connection has ended over it.
bool RelayConnection::write(Side& from) {
  auto& to = other(from);
  auto const& bytes = from.chunks.front().bytes;
  if (bytes.empty()) {
    ::shutdown(to.socket.get(), SHUT_WR);
    from.passed_end = true;
    from.chunks.pop_front();
    return true;
  }
  auto const size = ::send(to.socket.get(), bytes.data() + from.written,
                           bytes.size() - from.written, MSG_NOSIGNAL);
  if (size < 0 && errno != EAGAIN && errno != EINTR) {
    broke(to);
    return false;
  }
  if (size > 0) from.written += static_cast<std::size_t>(size);
  from.blocked = from.written < bytes.size();
  if (from.blocked) return true;
  from.held -= bytes.size();
  from.written = 0;
  from.chunks.pop_front();
  return true;
}

void RelayConnection::on_timer(Side& side, std::int64_t now, std::uint32_t token) {
  if (!open_) return;
  if (token == reset_token) {
    if (reset_due_ns_ != 0 && now >= reset_due_ns_) end(true);
    return;
  }
  if (token == side.token) {
    side.armed_ns = 0;
    pass(side, now);
  }
}

// A side that broke off takes what was meant for it along; the other one hears of it in time.
void RelayConnection::broke(Side& side) {
  if (reset_due_ns_ != 0) return end(true);
  side.socket.close();
  side.watched = 0;
  side.ended = true;
  auto& left = other(side);
  left.ended = true;
  left.chunks.clear();
  left.held = left.written = 0;
  left.blocked = false;
  reset_due_ns_ = side.line->due_of(now_ns(), 0);
  loop_.at(reset_due_ns_, side, reset_token);
  update(left);
}

// A socket for which nothing is to be done leaves the loop, or its hang-up would be told again and
// again.
void RelayConnection::update(Side& side) {
  if (!side.socket.is_open()) return;
  std::uint32_t events = 0;
  if (!side.ended && side.held < most_held) events |= EPOLLIN;
  if (side.connecting || other(side).blocked) events |= EPOLLOUT;
  if (side.connecting) events = EPOLLOUT;
  if (events == side.watched) return;
  if (side.watched == 0) {
    loop_.watch(side.socket.get(), events, side);
  } else if (events == 0) {
    loop_.unwatch(side.socket.get());
  } else {
    loop_.rewatch(side.socket.get(), events, side);
  }
  side.watched = events;
}

void RelayConnection::end(bool reset) {
  open_ = false;
  reset_due_ns_ = 0;
  for (auto& side : sides_) {
    if (reset && side.socket.is_open()) reset_at_close(side.socket.get());
    side.socket.close();
    side.chunks = {};
  }
  ended_(*this);
}

}  // namespace pushlab::loadgen

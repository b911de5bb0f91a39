#include "servers/websocketpp/head_peek.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace pushlab::server {

void HeadPeek::start(std::uint32_t timeout_s, Seen seen, std::function<void(PeerEnd)> gone) {
  seen_ = std::move(seen);
  gone_ = std::move(gone);
  deadline_.expires_after(std::chrono::seconds{timeout_s});
  deadline_.async_wait([self = shared_from_this()](boost::system::error_code ec) {
    if (!ec) self->give_up(PeerEnd::out_of_time);
  });
  wait();
}

void HeadPeek::cancel() {
  seen_ = nullptr;
  gone_ = nullptr;
  deadline_.cancel();
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void HeadPeek::wait() {
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](boost::system::error_code ec) {
    if (!self->gone_) return;
    ec ? self->give_up(PeerEnd::gone) : self->look();
  });
}

// Bytes that stay where they are would wake us for ever: the kernel is told to wait for more.
void HeadPeek::wake_at(std::size_t bytes) {
  auto const low = static_cast<int>(bytes);
  ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVLOWAT, &low, sizeof low);
}

void HeadPeek::look() {
  std::string bytes(limits_.head_bytes + limits_.body_bytes, '\0');
  auto const n =
      ::recv(socket_.native_handle(), bytes.data(), bytes.size(), MSG_PEEK | MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return wait();
  // The end of the stream does not show behind bytes that are still there: nothing new does.
  if (n <= 0 || static_cast<std::size_t>(n) == seen_bytes_) return give_up(PeerEnd::gone);
  seen_bytes_ = static_cast<std::size_t>(n);
  RequestReader reader{limits_};
  auto const outcome = reader.feed({bytes.data(), seen_bytes_});
  if (outcome == RequestReader::Outcome::complete) return finish(reader.take());
  if (outcome == RequestReader::Outcome::bad || seen_bytes_ == bytes.size())
    return finish(std::nullopt);
  wake_at(seen_bytes_ + 1);
  wait();
}

void HeadPeek::finish(std::optional<Request> request) {
  deadline_.cancel();
  wake_at(1);
  gone_ = nullptr;
  std::exchange(seen_, nullptr)(std::move(request));
}

void HeadPeek::give_up(PeerEnd why) {
  if (auto const gone = std::exchange(gone_, nullptr)) {
    cancel();
    gone(why);
  }
}

}  // namespace pushlab::server

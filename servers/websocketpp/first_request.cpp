#include "servers/websocketpp/first_request.hpp"

#include <sys/socket.h>

#include <boost/asio/write.hpp>
#include <cerrno>
#include <utility>

namespace pushlab::server {

void FirstRequest::start(std::uint32_t timeout_s, Seen seen, Ended ended) {
  seen_ = std::move(seen);
  ended_ = std::move(ended);
  deadline_.expires_after(std::chrono::seconds{timeout_s});
  deadline_.async_wait([self = shared_from_this()](boost::system::error_code ec) {
    if (!ec) self->end(EndReason::idle);
  });
  wait();
}

void FirstRequest::wait() {
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](boost::system::error_code ec) {
    if (!self->seen_) return;
    ec ? self->end(EndReason::client_closed) : self->look();
  });
}

// Bytes that stay where they are would wake us for ever: the kernel is told to wait for more.
void FirstRequest::wake_at(std::size_t bytes) {
  auto const low = static_cast<int>(bytes);
  ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVLOWAT, &low, sizeof low);
}

void FirstRequest::look() {
  std::string bytes(limits_.head_bytes + limits_.body_bytes, '\0');
  auto const n =
      ::recv(socket_.native_handle(), bytes.data(), bytes.size(), MSG_PEEK | MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return wait();
  // The end of the stream does not show behind bytes that are still there: nothing new does.
  if (n <= 0 || static_cast<std::size_t>(n) == seen_bytes_) return end(EndReason::client_closed);
  seen_bytes_ = static_cast<std::size_t>(n);
  RequestReader reader{limits_};
  auto const outcome = reader.feed({bytes.data(), seen_bytes_});
  if (outcome == RequestReader::Outcome::complete) return see(reader.take());
  if (outcome == RequestReader::Outcome::bad) return see(reader.failure());
  if (seen_bytes_ == bytes.size())
    return see(RequestReader::Failure{413, "The request is too large."});
  wake_at(seen_bytes_ + 1);
  wait();
}

void FirstRequest::see(std::variant<Request, RequestReader::Failure> request) {
  std::exchange(seen_, nullptr)(std::move(request));
}

Socket FirstRequest::take() {
  deadline_.cancel();
  ended_ = nullptr;
  wake_at(1);
  return std::move(socket_);
}

void FirstRequest::answer(std::string wire, EndReason reason) {
  std::string request(limits_.head_bytes + limits_.body_bytes, '\0');
  ::recv(socket_.native_handle(), request.data(), request.size(), MSG_DONTWAIT);
  answer_ = std::move(wire);
  boost::asio::async_write(
      socket_, boost::asio::buffer(answer_),
      [self = shared_from_this(), reason](boost::system::error_code ec, std::size_t) {
        boost::system::error_code ignored;
        self->socket_.shutdown(Socket::shutdown_send, ignored);
        self->end(ec ? EndReason::write_failed : reason);
      });
}

void FirstRequest::end(EndReason reason) {
  if (auto const ended = std::exchange(ended_, nullptr)) {
    cancel();
    ended(reason);
  }
}

void FirstRequest::cancel() {
  seen_ = nullptr;
  ended_ = nullptr;
  deadline_.cancel();
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace pushlab::server

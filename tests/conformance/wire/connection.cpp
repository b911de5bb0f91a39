#include "tests/conformance/wire/connection.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "tests/conformance/wire/socket.hpp"

namespace pushlab::conformance {
namespace {

constexpr std::size_t piece = 64 * 1024;

std::string openssl_error() {
  auto const code = ::ERR_get_error();
  if (code == 0) return "the connection ended";
  std::array<char, 256> text{};
  ::ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

}  // namespace

struct Connection::Tls {
  std::unique_ptr<SSL_CTX, decltype(&::SSL_CTX_free)> context{nullptr, &::SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&::SSL_free)> session{nullptr, &::SSL_free};
};

Connection::Connection(Url const& url, Deadline const& deadline, Options const& options)
    : descriptor_(connect_socket(url, options.receive_buffer, deadline)) {
  if (!url.tls()) return;
  try {
    handshake(url.host, deadline, options);
  } catch (...) {
    close();
    throw;
  }
}

Connection::Connection(Connection&& other) noexcept {
  *this = std::move(other);
}

Connection& Connection::operator=(Connection&& other) noexcept {
  if (this == &other) return *this;
  close();
  descriptor_ = std::exchange(other.descriptor_, -1);
  tls_ = std::move(other.tls_);
  given_back_ = std::move(other.given_back_);
  over_ = other.over_;
  return *this;
}

Connection::~Connection() {
  close();
}

void Connection::close() {
  tls_.reset();
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

bool Connection::wait(short events, Deadline const& deadline) const {
  return wait_ready(descriptor_, events, deadline);
}

void Connection::handshake(std::string const& host, Deadline const& deadline,
                           Options const& options) {
  tls_ = std::make_unique<Tls>();
  tls_->context.reset(::SSL_CTX_new(::TLS_client_method()));
  tls_->session.reset(::SSL_new(tls_->context.get()));
  auto* session = tls_->session.get();
  ::SSL_set_mode(session, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  ::SSL_set_fd(session, descriptor_);
  // SSL_set_tlsext_host_name() is a macro with a C cast.
  ::SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(host.c_str()));
  std::string protocols;
  for (auto const& name : options.alpn) protocols += static_cast<char>(name.size()) + name;
  if (!protocols.empty())
    ::SSL_set_alpn_protos(session, reinterpret_cast<unsigned char const*>(protocols.data()),
                          static_cast<unsigned>(protocols.size()));
  if (options.resume) ::SSL_set_session(session, static_cast<SSL_SESSION*>(options.resume.get()));
  while (true) {
    ::ERR_clear_error();
    int const result = ::SSL_connect(session);
    if (result == 1) return;
    int const want = ::SSL_get_error(session, result);
    if (want != SSL_ERROR_WANT_READ && want != SSL_ERROR_WANT_WRITE)
      throw WireError(WireError::Kind::tls, "no TLS: " + openssl_error());
    if (!wait(want == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline))
      throw WireError(WireError::Kind::tls, "no TLS: the handshake did not end in time");
  }
}

void Connection::send(std::string_view bytes, Deadline const& deadline) {
  while (!bytes.empty()) {
    short want = POLLOUT;
    std::size_t sent = 0;
    if (tls_) {
      ::ERR_clear_error();
      int const result = ::SSL_write_ex(tls_->session.get(), bytes.data(), bytes.size(), &sent);
      int const error = ::SSL_get_error(tls_->session.get(), result);
      if (error == SSL_ERROR_WANT_READ) want = POLLIN;
      if (result != 1 && error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
        throw WireError(WireError::Kind::reset, "the connection broke while sending");
    } else {
      auto const result = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (result < 0 && errno != EAGAIN && errno != EINTR)
        throw WireError(
            WireError::Kind::reset,
            fmt::format("the connection broke while sending: {}", std::strerror(errno)));
      sent = result > 0 ? static_cast<std::size_t>(result) : 0;
    }
    bytes.remove_prefix(sent);
    if (sent == 0 && !wait(want, deadline))
      throw WireError(WireError::Kind::silent,
                      fmt::format("{} bytes could not be sent in time", bytes.size()));
  }
}

Arrival Connection::receive(Deadline const& deadline) {
  if (!given_back_.empty()) {
    auto first = std::move(given_back_.front());
    given_back_.pop_front();
    return first;
  }
  if (over_ != Arrival::Kind::nothing) return {over_, {}, Clock::now()};
  Arrival arrival;
  if (tls_) {
    arrival = receive_tls(deadline);
  } else {
    if (!wait(POLLIN, deadline)) return {Arrival::Kind::nothing, {}, Clock::now()};
    arrival.bytes.resize(piece);
    auto const size = ::recv(descriptor_, arrival.bytes.data(), piece, 0);
    arrival.at = Clock::now();
    arrival.bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    arrival.kind = size > 0    ? Arrival::Kind::bytes
                   : size == 0 ? Arrival::Kind::end
                               : Arrival::Kind::reset;
  }
  if (arrival.kind == Arrival::Kind::end || arrival.kind == Arrival::Kind::reset)
    over_ = arrival.kind;
  return arrival;
}

Arrival Connection::receive_tls(Deadline const& deadline) {
  Arrival arrival;
  arrival.bytes.resize(piece);
  while (true) {
    ::ERR_clear_error();
    std::size_t size = 0;
    int const result = ::SSL_read_ex(tls_->session.get(), arrival.bytes.data(), piece, &size);
    int const error = ::SSL_get_error(tls_->session.get(), result);
    arrival.at = Clock::now();
    arrival.bytes.resize(result == 1 ? size : 0);
    if (result == 1) arrival.kind = Arrival::Kind::bytes;
    if (result == 1) return arrival;
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
      if (!wait(error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline)) return arrival;
      arrival.bytes.resize(piece);
      continue;
    }
    // Without close_notify an end may be a cut: TLS cannot tell, so it counts as one.
    arrival.kind = error == SSL_ERROR_ZERO_RETURN ? Arrival::Kind::end : Arrival::Kind::reset;
    return arrival;
  }
}

void Connection::put_back(std::string bytes, Instant at) {
  if (!bytes.empty()) given_back_.push_front({Arrival::Kind::bytes, std::move(bytes), at});
}

void Connection::end_sending() {
  if (tls_) ::SSL_shutdown(tls_->session.get());
  ::shutdown(descriptor_, SHUT_WR);
}

void Connection::reset() {
  linger const now{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close();
  over_ = Arrival::Kind::reset;
}

std::string Connection::alpn() const {
  if (!tls_) return {};
  unsigned char const* name = nullptr;
  unsigned size = 0;
  ::SSL_get0_alpn_selected(tls_->session.get(), &name, &size);
  return size == 0 ? std::string() : std::string(reinterpret_cast<char const*>(name), size);
}

TlsTicket Connection::ticket() const {
  if (!tls_) return {};
  TlsTicket const ticket(::SSL_get1_session(tls_->session.get()), [](void* session) {
    ::SSL_SESSION_free(static_cast<SSL_SESSION*>(session));
  });
  bool const usable =
      ticket && ::SSL_SESSION_is_resumable(static_cast<SSL_SESSION const*>(ticket.get())) == 1;
  return usable ? ticket : TlsTicket{};
}

bool Connection::resumed() const {
  return tls_ && ::SSL_session_reused(tls_->session.get()) == 1;
}

int Connection::descriptor() const {
  return descriptor_;
}

}  // namespace pushlab::conformance

#include "tests/conformance/wire/socket.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "tests/conformance/wire/wire_error.hpp"

namespace pushlab::conformance {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Addresses look_up(Url const& url) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (int const error = ::getaddrinfo(url.host.c_str(), url.port.c_str(), &hints, &found))
    throw WireError(WireError::Kind::connect,
                    fmt::format("{}: {}", url.host, ::gai_strerror(error)));
  return {found, &::freeaddrinfo};
}

// The error of the attempt; 0 when it stands.
int try_connect(int descriptor, addrinfo const& address, Deadline const& deadline) {
  if (::connect(descriptor, address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (!wait_ready(descriptor, POLLOUT, deadline)) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

}  // namespace

bool wait_ready(int descriptor, short events, Deadline const& deadline) {
  pollfd wait{descriptor, events, 0};
  while (true) {
    int const left_ms = deadline.left_ms();
    int const ready = ::poll(&wait, 1, left_ms);
    if (ready > 0) return true;
    if (ready == 0 && deadline.over()) return false;
    if (ready < 0 && errno != EINTR) return false;
  }
}

int connect_socket(Url const& url, int receive_buffer, Deadline const& deadline) {
  auto const addresses = look_up(url);
  int error = 0;
  for (auto const* address = addresses.get(); address; address = address->ai_next) {
    int const descriptor =
        ::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) throw WireError(WireError::Kind::connect, std::strerror(errno));
    if (receive_buffer > 0)
      ::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    error = try_connect(descriptor, *address, deadline);
    if (error == 0) {
      int const on = 1;
      ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      return descriptor;
    }
    ::close(descriptor);
  }
  throw WireError(WireError::Kind::connect, fmt::format("cannot connect to {}:{}: {}", url.host,
                                                        url.port, std::strerror(error)));
}

}  // namespace pushlab::conformance

#include "loadgen/loop/endpoint.hpp"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace pushlab::loadgen {

namespace {

constexpr int on = 1;

// In: "host:port", "host" or "[v6]:port".
void split_authority(Url& url) {
  std::string_view rest = url.authority;
  auto colon = rest.rfind(':');
  if (rest.starts_with('[')) {
    auto const end = rest.find(']');
    if (end == std::string_view::npos) throw BadUrl(fmt::format("'{}' lacks its ']'", rest));
    url.host = rest.substr(1, end - 1);
    if (colon != std::string_view::npos && colon < end) colon = std::string_view::npos;
  } else {
    url.host = rest.substr(0, colon);
  }
  if (colon == std::string_view::npos) return;
  auto const digits = rest.substr(colon + 1);
  auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
  if (error != std::errc{} || end != digits.data() + digits.size() || url.port == 0) {
    throw BadUrl(fmt::format("'{}' is not a port: give 1 to 65535", digits));
  }
}

}  // namespace

Url parse_url(std::string_view text) {
  auto rest = text;
  if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else if (rest.starts_with("ws://")) {
    rest.remove_prefix(5);
  } else {
    throw BadUrl(fmt::format("'{}' is not a URL to measure: begin with http:// or ws://", text));
  }
  rest = rest.substr(0, rest.find('#'));
  auto const path = rest.find_first_of("/?");
  Url url;
  url.authority = rest.substr(0, path);
  url.target = path == std::string_view::npos ? "/" : rest.substr(path);
  if (url.target.front() == '?') url.target.insert(0, "/");
  split_authority(url);
  if (url.host.empty()) throw BadUrl(fmt::format("'{}' has no host: name one", text));
  return url;
}

bool Endpoint::is_loopback_v4() const {
  if (address.ss_family != AF_INET) return false;
  sockaddr_in v4{};
  std::memcpy(&v4, &address, sizeof v4);
  return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
}

Endpoint resolve(Url const& url) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  auto const port = std::to_string(url.port);
  auto const error = ::getaddrinfo(url.host.c_str(), port.c_str(), &hints, &found);
  if (error != 0) {
    throw BadUrl(fmt::format("the host '{}' was not found ({}): use an address such as 127.0.0.1",
                             url.host, ::gai_strerror(error)));
  }
  Endpoint endpoint;
  std::memcpy(&endpoint.address, found->ai_addr, found->ai_addrlen);
  endpoint.length = found->ai_addrlen;
  ::freeaddrinfo(found);
  return endpoint;
}

File start_connect(Endpoint const& endpoint, unsigned source, int receive_bytes) {
  sockaddr_storage peer = endpoint.address;
  File file(::socket(peer.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!file.is_open()) return file;
  ::setsockopt(file.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (receive_bytes > 0) {  // before the handshake tells the peer a window
    ::setsockopt(file.get(), SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
  }
  if (source > 0) {
    // The port is chosen at connect, so that the same port may serve toward several servers.
    ::setsockopt(file.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    sockaddr_in local{};
    local.sin_family = AF_INET;
    local.sin_addr.s_addr = htonl(0x7f000000U + source);
    sockaddr_storage storage{};
    std::memcpy(&storage, &local, sizeof local);
    if (::bind(file.get(), reinterpret_cast<sockaddr*>(&storage), sizeof local) != 0) return {};
  }
  auto const result = ::connect(file.get(), reinterpret_cast<sockaddr*>(&peer), endpoint.length);
  if (result != 0 && errno != EINPROGRESS) return {};
  return file;
}

int connect_error(int fd) {
  int error = 0;
  socklen_t length = sizeof error;
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0) return errno;
  return error;
}

}  // namespace pushlab::loadgen

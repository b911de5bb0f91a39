#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pushlab::server {

// Where Redis listens: a TCP port of a host, or a Unix socket.
struct RedisAddress {
  std::string host;  // a name or an IP address, without brackets
  std::uint16_t port = 0;
  std::string path;  // of the socket; empty: TCP
};

// Reads `HOST:PORT`, `[IPV6]:PORT` or `/PATH`.
std::optional<RedisAddress> parse_redis_address(std::string_view text);

}  // namespace pushlab::server

#include "servers/auth/redis_address.hpp"

#include <charconv>

namespace pushlab::server {

std::optional<RedisAddress> parse_redis_address(std::string_view text) {
  if (text.starts_with('/')) return RedisAddress{{}, 0, std::string{text}};
  auto const colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto host = text.substr(0, colon);
  auto const digits = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']'))
    host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string_view::npos)
    return std::nullopt;  // IPv6 without brackets: is its last part a port?
  std::uint16_t port = 0;
  auto const* const end = digits.data() + digits.size();
  auto const read = std::from_chars(digits.data(), end, port);
  if (host.empty() || read.ec != std::errc{} || read.ptr != end || port == 0) return std::nullopt;
  return RedisAddress{std::string{host}, port, {}};
}

}  // namespace pushlab::server

#include "servers/auth/make_authenticator.hpp"

#include <fmt/format.h>

#include <array>

#include "servers/auth/no_authenticator.hpp"
#include "servers/auth/redis_address.hpp"
#include "servers/auth/redis_authenticator.hpp"
#include "servers/auth/static_authenticator.hpp"

namespace pushlab::server {
namespace {

using Fault = std::optional<std::string>;

Fault fault_in_keys(AuthOptions const& options) {
  if (options.keys.empty())
    return "[auth] kind = \"static\" needs [[auth.keys]]: give at least one.";
  for (auto const& key : options.keys) {
    if (key.key.empty() || key.user.empty())
      return "[[auth.keys]] needs a `key` and a `user`: one of them is empty.";
    if (key.key.size() > Credential::max_bytes)
      return fmt::format("[[auth.keys]] of user {}: a key has at most {} bytes.", key.user,
                         Credential::max_bytes);
  }
  return std::nullopt;
}

// With patterns that begin alike, the id of a session could name an API key or a ticket.
Fault fault_in_patterns(RedisOptions const& redis) {
  struct Pattern {
    char const* name;
    std::string const& text;
    std::string prefix() const { return text.substr(0, text.find("{id}")); }
  };
  std::array<Pattern, 3> const patterns{{{"session_key", redis.session_key},
                                         {"api_key", redis.api_key},
                                         {"ticket_key", redis.ticket_key}}};
  for (auto const& one : patterns) {
    if (one.text.find("{id}") == std::string::npos)
      return fmt::format("[auth.redis] {} = \"{}\" has no {{id}} in it.", one.name, one.text);
    for (auto const& other : patterns)
      if (&one != &other && one.prefix().starts_with(other.prefix()))
        return fmt::format(
            "[auth.redis] {} and {} begin alike: what is before {{id}} has to differ.", one.name,
            other.name);
  }
  return std::nullopt;
}

bool is_pointer(std::string const& text) {
  if (!text.empty() && text.front() != '/') return false;
  for (auto at = text.find('~'); at != std::string::npos; at = text.find('~', at + 1))
    if (text.substr(at, 2) != "~0" && text.substr(at, 2) != "~1") return false;
  return true;
}

Fault fault_in_pointers(RedisOptions const& redis) {
  for (auto const* pointer :
       {&redis.session_user, &redis.session_roles, &redis.api_key_user, &redis.api_key_roles})
    if (!is_pointer(*pointer))
      return fmt::format("[auth.redis] \"{}\" is no JSON pointer: write \"/user/id\".", *pointer);
  return std::nullopt;
}

Fault fault_in_redis(RedisOptions const& redis) {
  if (!parse_redis_address(redis.address))
    return fmt::format(
        "[auth.redis] address = \"{}\" is neither HOST:PORT nor the path of a socket.",
        redis.address);
  if (redis.timeout_ms == 0) return "[auth.redis] timeout_ms is 0: no answer comes that soon.";
  if (redis.recheck_s == 0) return "[auth.redis] recheck_s is 0: give at least 1.";
  if (redis.revocation_channel.empty())
    return "[auth.redis] revocation_channel is empty: name one.";
  if (auto fault = fault_in_patterns(redis)) return fault;
  return fault_in_pointers(redis);
}

}  // namespace

std::optional<std::string> fault_in(AuthOptions const& options) {
  if (options.kind == AuthOptions::Kind::none) return std::nullopt;
  if (options.ticket_s == 0) return "[auth] ticket_s is 0: no ticket lives that short.";
  if (options.kind == AuthOptions::Kind::static_keys) return fault_in_keys(options);
  return fault_in_redis(options.redis);
}

std::unique_ptr<Authenticator> make_authenticator(AuthOptions const& options,
                                                  boost::asio::io_context& io, AuthShared& shared) {
  switch (options.kind) {
    case AuthOptions::Kind::static_keys:
      return std::make_unique<StaticAuthenticator>(options, shared.tickets);
    case AuthOptions::Kind::redis:
      return std::make_unique<RedisAuthenticator>(options, io, shared.outage);
    case AuthOptions::Kind::none:
      break;
  }
  return std::make_unique<NoAuthenticator>();
}

}  // namespace pushlab::server

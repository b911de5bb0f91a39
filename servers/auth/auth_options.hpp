#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace pushlab::server {

struct StaticKey {
  std::string key;
  std::string user;
  std::vector<std::string> roles;
};

// Where sessions and API keys are looked up. `{id}` in a pattern is what the client showed. Values
// are JSON; users and roles are found by JSON pointer (RFC 6901). The defaults fit express-session
// with connect-redis and `req.session.user = {id, roles}`.
struct RedisOptions {
  std::string address = "127.0.0.1:6379";  // HOST:PORT, or the path of a Unix socket
  std::string username, password;
  std::uint32_t db = 0;
  std::string session_key = "sess:{id}";
  std::string session_user = "/user/id";
  std::string session_roles = "/user/roles";
  std::string api_key = "apikey:{id}";
  std::string api_key_user = "/user";
  std::string api_key_roles = "/roles";
  std::string ticket_key = "pushlab:ticket:{id}";
  std::string revocation_channel = "pushlab:revoked";
  std::uint32_t recheck_s = 30;  // every watched session is looked at that often at least
  std::uint32_t timeout_ms = 2000;
};

struct AuthOptions {
  enum class Kind { none, static_keys, redis };
  Kind kind = Kind::none;
  std::string cookie = "connect.sid";
  std::string cookie_secret;  // verifies express-session's signature; empty: not verified
  std::uint32_t ticket_s = 30;
  std::vector<StaticKey> keys;
  RedisOptions redis;
};

}  // namespace pushlab::server

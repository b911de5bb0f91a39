#pragma once
#include "tests/integration/redis_process.hpp"
#include "tests/integration/servers/guarded.hpp"

namespace pushlab::test {

// Sessions and API keys in that Redis; more keys for [auth] and for [auth.redis].
inline std::string sessions_in(RedisProcess const& redis, std::string const& auth = {},
                               std::string const& more = {}) {
  return "[auth]\nkind = \"redis\"\n" + auth + "[auth.redis]\naddress = \"" + redis.address() +
         "\"\n" + more;
}

// What connect-redis writes when somebody logs in.
inline void log_in(RedisProcess& redis, std::string const& session, std::string const& user,
                   std::string const& roles = "[]") {
  redis.command({"SET", "sess:" + session,
                 R"({"cookie":{"originalMaxAge":null},"user":{"id":)" + user + R"(,"roles":)" +
                     roles + "}}"});
}

// Who reads on is told that the session is over: the end of a stream, or the answer to a poll.
inline void expect_revoked(Target const& target, PushClient& client) {
  auto const message = client.next();
  EXPECT_EQ(message.event, "end") << message.data;
  EXPECT_EQ(message.data, target.protocol == Protocol::sse ? "last chunk"
                          : target.is_stream()             ? "1008"
                                                           : "401");
}

}  // namespace pushlab::test

#pragma once
#include <gtest/gtest.h>

#include "tests/integration/servers/push_client.hpp"

namespace pushlab::test {

inline Target const sse{"pushlab-sse", Protocol::sse};
inline Target const websocket{"pushlab-websocket", Protocol::websocket};
inline Target const websocketpp{"pushlab-websocketpp", Protocol::websocket};
inline Target const long_poll{"pushlab-long-poll", Protocol::long_poll};
inline Target const short_poll{"pushlab-short-poll", Protocol::short_poll};

// Tests of what every server promises, or every stream, or every WebSocket server, each with its
// own process. every_server.cpp says which programs these are.
struct EveryServer : testing::TestWithParam<Target> {};
struct EveryStream : testing::TestWithParam<Target> {};
struct EveryWebSocket : testing::TestWithParam<Target> {};

inline std::string name_of(testing::TestParamInfo<Target> const& info) {
  auto name = info.param.program.substr(8);
  for (auto& c : name)
    if (c == '-') c = '_';
  return name;
}

inline void PrintTo(Target const& target, std::ostream* out) {
  *out << target.program;
}

// The next message has to be this event.
inline void expect_event(PushClient& client, std::string const& body) {
  auto const message = client.next();
  EXPECT_EQ(message.event, "db");
  EXPECT_EQ(message.data, body);
}

// Connected and behind the hello, which only streams have.
inline std::unique_ptr<PushClient> listening(Target const& target, ServerProcess const& server,
                                             std::string const& events, Asking const& asking) {
  auto client = connect(target, server, events, asking);
  if (target.is_stream()) {
    EXPECT_EQ(client->next().event, "hello");
  }
  return client;
}

inline std::unique_ptr<PushClient> listening(
    Target const& target, ServerProcess const& server, std::string const& events,
    std::optional<std::string> const& cursor = std::nullopt, int receive_buffer = 0) {
  return listening(target, server, events, Asking{{}, {}, cursor, receive_buffer});
}

inline std::string ended(std::string const& reason) {
  return "pushlab_connections_ended_total{reason=\"" + reason + "\"}";
}

inline void wait_for_count(ServerProcess const& server, std::string const& name,
                           std::uint64_t count) {
  wait_until([&] { return metric(server.ingest_port(), name) == count; },
             name + " is " + std::to_string(count));
}

// The same place in a history that this server never had.
inline std::string stopped_epoch(std::string const& cursor) {
  auto epoch = cursor.substr(0, cursor.find('-'));
  epoch[0] = epoch[0] == '1' ? '2' : '1';
  return epoch + cursor.substr(cursor.find('-'));
}

}  // namespace pushlab::test

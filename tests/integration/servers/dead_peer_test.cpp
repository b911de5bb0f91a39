#include <algorithm>
#include <chrono>

#include "tests/integration/servers/targets.hpp"

namespace pushlab::test {
namespace {

// Behind its hello.
Wire open_stream(Target const& target, ServerProcess const& server) {
  if (target.protocol == Protocol::websocket) {
    auto wire = open_websocket(server.client_port(), "/ws?events=a");
    read_frame(wire);
    return wire;
  }
  Wire wire{server.client_port()};
  wire.send("GET /events?events=a HTTP/1.1\r\nHost: test\r\n\r\n");
  read_answer(wire);
  read_chunk(wire);
  return wire;
}

// A server, and a client of it that is not there any more.
struct Deserted {
  Deserted(Target const& target, Arguments const& flags)
      : server(target.program, flags), dead(open_stream(target, server)) {
    dead.go_silent();
  }
  bool is_freed() const {
    return metric(server.ingest_port(), ended("idle")) +
               metric(server.ingest_port(), ended("write_failed")) ==
           1;
  }
  ServerProcess server;
  Wire dead;
};

TEST(DeadPeers, are_freed_within_a_minute_whatever_the_protocol) {
  using std::chrono::steady_clock;
  Deserted const deserted[] = {{sse, {"--heartbeat-s", "5"}},
                               {websocket, {"--heartbeat-s", "5"}},
                               {websocketpp, {"--heartbeat-s", "5"}},
                               {sse, {}},
                               {websocket, {}},
                               {websocketpp, {}}};
  auto living = open_stream(sse, deserted[0].server);
  auto const start = steady_clock::now();
  auto const all_are_freed = [&] {
    return std::all_of(std::begin(deserted), std::end(deserted),
                       [](Deserted const& one) { return one.is_freed(); });
  };
  while (!all_are_freed()) {
    ASSERT_LT(steady_clock::now() - start, std::chrono::seconds{60});
    EXPECT_EQ(read_chunk(living), ":\n\n");  // its heartbeats are the clock of this test
  }
  EXPECT_EQ(metric(deserted[0].server.ingest_port(), "pushlab_connections_open"), 1U)
      << "who answers stays";
}

// Nobody reads this server's stderr: a line there, or a write to a closed socket, would kill it.
TEST_P(EveryStream, a_peer_that_vanishes_at_any_time_is_no_error) {
  ServerProcess server{GetParam().program};
  auto living = listening(GetParam(), server, "a");
  Wire{server.client_port()};
  Wire{server.client_port()}.send("GET /ev");
  for (int i = 0; i < 20; ++i) {
    auto gone = connect(GetParam(), server, "a", std::nullopt, 4096);  // with the hello unread
    auto stalled = connect(GetParam(), server, "a", std::nullopt, 4096);
    for (int n = 0; n < 10; ++n) {
      auto const event = note("a", n, std::string(8000, 'x'));
      publish(server.ingest_port(), event);
      if (n == i % 10) gone.reset();
      expect_event(*living, event);
    }
  }
  wait_until([&] { return metric(server.ingest_port(), "pushlab_connections_open") == 1; },
             "all of them are freed");
  living.reset();
  server.terminate();
  EXPECT_EQ(server.wait(), 0);
}

INSTANTIATE_TEST_SUITE_P(Servers, EveryStream, testing::Values(sse, websocket, websocketpp),
                         name_of);

}  // namespace
}  // namespace pushlab::test

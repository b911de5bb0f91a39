#include <chrono>

#include "tests/integration/servers/targets.hpp"

namespace pushlab::test {
namespace {

std::string const large(8000, 'x');

TEST_P(EveryStream, a_slow_reader_is_cut_and_counted_and_resumes_without_a_gap) {
  ServerProcess const server{GetParam().program, {"--outbox-bytes", "65536"}};
  auto slow = listening(GetParam(), server, "a", std::nullopt, 4096);
  auto const fast = listening(GetParam(), server, "a");
  int published = 0;
  wait_until(
      [&] {
        publish(server.ingest_port(), note("a", published, large));
        auto const start = std::chrono::steady_clock::now();
        expect_event(*fast, note("a", published++, large));
        EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{1});
        return metric(server.ingest_port(), ended("slow_reader")) == 1;
      },
      "the slow reader is cut");

  int seen = 0;
  try {
    for (;; ++seen) expect_event(*slow, note("a", seen, large));
  } catch (std::runtime_error const&) {  // the end of what it had received
  }
  EXPECT_LT(seen, published);
  auto const cursor = slow->cursor();
  slow = listening(GetParam(), server, "a", cursor);
  for (; seen < published; ++seen) expect_event(*slow, note("a", seen, large));
  publish(server.ingest_port(), note("a", published));
  expect_event(*slow, note("a", published));
  EXPECT_EQ(metric(server.ingest_port(), ended("slow_reader")), 1U);
}

TEST_P(EveryStream, a_replay_larger_than_the_outbox_is_no_slow_reader) {
  ServerProcess const server{GetParam().program, {"--outbox-bytes", "4096"}};
  auto const cursor = listening(GetParam(), server, "a")->cursor();
  for (int i = 0; i < 200; ++i) publish(server.ingest_port(), note("a", i, large));
  auto const client = listening(GetParam(), server, "a", cursor, 4096);
  for (int i = 0; i < 200; ++i) expect_event(*client, note("a", i, large));
  publish(server.ingest_port(), note("a", 200));
  expect_event(*client, note("a", 200));
}

TEST_P(EveryStream, a_drain_ends_the_stream_behind_the_last_event_with_a_goodbye) {
  ServerProcess server{GetParam().program};
  auto const client = listening(GetParam(), server, "a");
  for (int i = 0; i < 50; ++i) publish(server.ingest_port(), note("a", i));
  server.terminate();
  for (int i = 0; i < 50; ++i) expect_event(*client, note("a", i));
  auto const goodbye = client->next();
  EXPECT_EQ(goodbye.event, "end");
  EXPECT_EQ(goodbye.data, GetParam().protocol == Protocol::sse ? "last chunk" : "1001");
  EXPECT_EQ(server.wait(), 0);
}

TEST_P(EveryServer, a_drain_closes_idle_connections_and_ends_with_status_0) {
  ServerProcess server{GetParam().program};
  Wire idle{server.client_port()};
  EXPECT_EQ(get(server.client_port(), "/snapshot").status, 200);  // the idle one is adopted, too
  server.terminate();
  EXPECT_TRUE(idle.wait_for_end());
  EXPECT_EQ(server.wait(), 0);
}

TEST(LongPollDrain, answers_the_waiting_poll_and_closes) {
  ServerProcess server{long_poll.program};
  Wire wire{server.client_port()};
  auto const cursor = connect(long_poll, server, "a")->cursor();
  wire.send("GET /poll?events=a&wait=50&since=" + cursor + " HTTP/1.1\r\nHost: test\r\n\r\n");
  wait_until([&] { return metric(server.ingest_port(), "pushlab_requests_total") == 2; },
             "the poll is held");
  server.terminate();
  auto const answer = read_answer(wire);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.field("connection"), "close");
  EXPECT_NE(answer.body.find("\"events\":[]"), std::string::npos) << answer.body;
  EXPECT_TRUE(wire.wait_for_end());
  EXPECT_EQ(server.wait(), 0);
}

TEST_P(EveryStream, a_drain_waits_no_longer_than_it_was_told_for_who_does_not_read) {
  ServerProcess server{GetParam().program, {"--drain-s", "1", "--outbox-bytes", "1000000"}};
  auto const stuck = listening(GetParam(), server, "a", std::nullopt, 4096);
  wait_until(
      [&] {
        publish(server.ingest_port(), note("a", 1, large));
        return metric(server.ingest_port(), "pushlab_queued_writes_total") > 0;
      },
      "the socket is full");
  server.terminate();
  EXPECT_EQ(server.wait(), 0);
}

// The client leaves the goodbye unanswered, so that the drain takes its time.
TEST_P(EveryWebSocket, a_draining_server_takes_no_clients_and_says_that_it_is_not_healthy) {
  ServerProcess server{GetParam().program, {"--drain-s", "60"}};
  auto wire = open_websocket(server.client_port(), "/ws?events=a");
  EXPECT_EQ(read_frame(wire).opcode, 0x1);
  server.terminate();
  EXPECT_EQ(read_frame(wire).payload, "\x03\xE9");
  EXPECT_EQ(get(server.ingest_port(), "/healthz").status, 503);
  EXPECT_THROW(Wire{server.client_port()}, std::runtime_error);
  wire.send(client_frame(0x8, "\x03\xE9"));
  EXPECT_TRUE(wire.wait_for_end());
  EXPECT_EQ(server.wait(), 0);
}

TEST_P(EveryWebSocket, a_second_signal_ends_a_drain_at_once) {
  ServerProcess server{GetParam().program, {"--drain-s", "3600"}};
  auto wire = open_websocket(server.client_port(), "/ws?events=a");
  EXPECT_EQ(read_frame(wire).opcode, 0x1);
  server.terminate();
  EXPECT_EQ(read_frame(wire).payload, "\x03\xE9");
  server.terminate();
  EXPECT_EQ(server.wait(), 0);
}

TEST_P(EveryStream, a_quiet_stream_carries_heartbeats_that_its_client_may_answer) {
  ServerProcess const server{GetParam().program, {"--heartbeat-s", "1"}};
  auto const client = listening(GetParam(), server, "a");
  std::uint64_t const beats = GetParam().protocol == Protocol::sse ? 3 : 1;
  wait_until([&] { return metric(server.ingest_port(), "pushlab_heartbeats_total") >= beats; },
             "heartbeats are sent");
  publish(server.ingest_port(), note("a", 1));
  expect_event(*client, note("a", 1));
  EXPECT_EQ(metric(server.ingest_port(), "pushlab_connections_open"), 1U);
}

TEST_P(EveryServer, an_unusable_flag_is_one_sentence_and_status_2) {
  for (Arguments const& flags : {Arguments{"--threads", "0"},
                                 {"--nonsense"},
                                 {"--client-listen", "nowhere"},
                                 {"--client-listen", "203.0.113.1:1"},
                                 {"--config", "/nowhere.toml"}}) {
    auto const ended = run_to_end(GetParam().program, flags);
    EXPECT_EQ(ended.status, 2) << flags.front();
    EXPECT_EQ(ended.out, "") << flags.front();
    EXPECT_TRUE(ended.err.starts_with(GetParam().program + ": ")) << ended.err;
    EXPECT_EQ(ended.err.find('\n'), ended.err.size() - 1) << ended.err;
  }
}

TEST_P(EveryServer, a_port_that_is_taken_is_named) {
  ServerProcess const first{GetParam().program};
  auto const address = "127.0.0.1:" + std::to_string(first.client_port());
  auto const ended = run_to_end(GetParam().program, {"--client-listen", address});
  EXPECT_EQ(ended.status, 2);
  EXPECT_NE(ended.err.find(address), std::string::npos) << ended.err;
}

TEST_P(EveryServer, help_shows_every_flag_and_an_example) {
  auto const ended = run_to_end(GetParam().program, {"--help"});
  EXPECT_EQ(ended.status, 0);
  for (auto const* part : {"--client-listen", "--heartbeat-s", "--drain-s", "Example:"})
    EXPECT_NE(ended.out.find(part), std::string::npos) << part;
}

TEST(Websocketpp, runs_on_one_thread_and_says_so) {
  auto const ended = run_to_end(websocketpp.program, {"--threads", "2"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_NE(ended.err.find("--threads"), std::string::npos) << ended.err;
}

struct TwoThreads : testing::TestWithParam<Target> {};
INSTANTIATE_TEST_SUITE_P(Life, TwoThreads, testing::Values(sse, websocket, long_poll, short_poll),
                         name_of);

TEST_P(TwoThreads, clients_on_both_loops_get_everything_in_order_and_resume_on_either) {
  ServerProcess server{GetParam().program, {"--threads", "2"}};
  std::vector<std::unique_ptr<PushClient>> clients;
  for (int i = 0; i < 8; ++i) clients.push_back(listening(GetParam(), server, "a"));
  for (int i = 0; i < 100; ++i) publish(server.ingest_port(), note("a", i));
  for (auto const& client : clients)
    for (int i = 0; i < 100; ++i) expect_event(*client, note("a", i));
  // The newest cursor, at once, to loops that may not have reached it.
  for (int i = 100; i < 150; ++i) {
    publish(server.ingest_port(), note("a", i));
    expect_event(*clients.front(), note("a", i));
    auto const other = listening(GetParam(), server, "a", clients.front()->cursor());
    publish(server.ingest_port(), note("a", ++i));
    expect_event(*other, note("a", i));
    expect_event(*clients.front(), note("a", i));
  }
  EXPECT_EQ(metric(server.ingest_port(), "pushlab_resets_total"), 0U);
  server.terminate();
  EXPECT_EQ(server.wait(), 0);
}

}  // namespace
}  // namespace pushlab::test

#include <boost/json.hpp>
#include <chrono>

#include "tests/integration/servers/targets.hpp"

namespace pushlab::test {
namespace {

using std::string_literals::operator""s;

constexpr int ping = 0x9, pong = 0xA, close_frame = 0x8, text = 0x1;

TEST_P(EveryWebSocket, answers_a_ping_with_its_payload) {
  ServerProcess const server{GetParam().program};
  auto wire = open_websocket(server.client_port(), "/ws?events=a");
  EXPECT_EQ(read_frame(wire).opcode, text);
  wire.send(client_frame(ping, "are you there"));
  auto const answer = read_frame(wire);
  EXPECT_EQ(answer.opcode, pong);
  EXPECT_EQ(answer.payload, "are you there");
}

TEST_P(EveryWebSocket, answers_a_close_with_its_code_and_ends) {
  ServerProcess const server{GetParam().program};
  auto wire = open_websocket(server.client_port(), "/ws?events=a");
  EXPECT_EQ(read_frame(wire).opcode, text);
  wire.send(client_frame(close_frame, "\x03\xE8"s + "bye"));
  auto const answer = read_frame(wire);
  EXPECT_EQ(answer.opcode, close_frame);
  EXPECT_EQ(answer.payload.substr(0, 2), "\x03\xE8"s);
  EXPECT_TRUE(wire.wait_for_end());
  wait_until([&] { return metric(server.ingest_port(), ended("client_closed")) == 1; },
             "the end is counted");
}

TEST_P(EveryWebSocket, ends_with_the_code_of_a_violation) {
  ServerProcess const server{GetParam().program};
  std::uint64_t violations = 0;
  for (auto const& [bytes, code] : std::vector<std::pair<std::string, std::string>>{
           {"\x89\x00"s, "\x03\xEA"s},                                      // not masked: 1002
           {client_frame(0xB, ""), "\x03\xEA"s},                            // unknown: 1002
           {client_frame(text, "\xFF"), "\x03\xEF"s},                       // no UTF-8: 1007
           {"\x82\xFF\x00\x00\x00\x00\x00\x01\x00\x01mask"s, "\x03\xF1"s},  // 65537 bytes: 1009
       }) {
    auto wire = open_websocket(server.client_port(), "/ws?events=a");
    EXPECT_EQ(read_frame(wire).opcode, text);
    wire.send(bytes);
    auto const answer = read_frame(wire);
    EXPECT_EQ(answer.opcode, close_frame);
    EXPECT_EQ(answer.payload.substr(0, 2), code) << testing::PrintToString(bytes);
    wire.send(client_frame(close_frame, answer.payload.substr(0, 2)));
    EXPECT_TRUE(wire.wait_for_end());
    ++violations;
    wait_until([&] { return metric(server.ingest_port(), ended("bad_request")) == violations; },
               "the violation is counted");
  }
}

TEST_P(EveryWebSocket, a_request_that_is_no_upgrade_is_told_to_upgrade) {
  ServerProcess const server{GetParam().program};
  auto const answer = get(server.client_port(), "/ws");
  EXPECT_EQ(answer.status, 426);
  EXPECT_EQ(answer.field("upgrade"), "websocket");
}

TEST_P(EveryWebSocket, an_upgrade_of_another_path_gets_404) {
  ServerProcess const server{GetParam().program};
  auto const answer = get(server.client_port(), "/elsewhere",
                          "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Version: 13\r\n"
                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
  EXPECT_EQ(answer.status, 404);
}

TEST_P(EveryWebSocket, a_client_that_answers_no_ping_is_ended_before_the_next) {
  ServerProcess const server{GetParam().program, {"--heartbeat-s", "1"}};
  auto wire = open_websocket(server.client_port(), "/ws?events=a");
  EXPECT_EQ(read_frame(wire).opcode, text);
  EXPECT_EQ(read_frame(wire).opcode, ping);
  EXPECT_TRUE(wire.wait_for_end());
  wait_until([&] { return metric(server.ingest_port(), ended("idle")) == 1; },
             "the end is counted");
}

TEST_P(EveryWebSocket, a_client_that_answers_its_pings_stays) {
  ServerProcess const server{GetParam().program, {"--heartbeat-s", "1"}};
  auto wire = open_websocket(server.client_port(), "/ws?events=a");
  EXPECT_EQ(read_frame(wire).opcode, text);
  for (int i = 0; i < 3; ++i) {
    auto const beat = read_frame(wire);
    ASSERT_EQ(beat.opcode, ping);
    wire.send(client_frame(pong, beat.payload));
  }
}

TEST(Sse, a_heartbeat_is_a_comment_in_a_chunk) {
  ServerProcess const server{sse.program, {"--heartbeat-s", "1"}};
  Wire wire{server.client_port()};
  wire.send("GET /events?events=a HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(read_answer(wire).status, 200);
  EXPECT_NE(read_chunk(wire).find("event: hello\n"), std::string::npos);
  EXPECT_EQ(read_chunk(wire), ":\n\n");
}

TEST(Sse, an_http_1_0_client_gets_the_stream_without_chunks_until_the_end) {
  ServerProcess server{sse.program, {"--heartbeat-s", "1"}};
  Wire wire{server.client_port()};
  wire.send("GET /events?events=a HTTP/1.0\r\n\r\n");
  auto const head = read_answer(wire);
  EXPECT_EQ(head.field("connection"), "close");
  EXPECT_EQ(head.field("transfer-encoding"), "");
  EXPECT_TRUE(wire.read_until("\n\n").starts_with("retry: "));
  publish(server.ingest_port(), note("a", 1));
  auto const event = wire.read_until("\n\n");
  EXPECT_TRUE(event.ends_with("event: db\ndata: " + note("a", 1) + "\n\n")) << event;
  EXPECT_EQ(wire.read_until("\n\n"), ":\n\n");
  server.terminate();
  EXPECT_TRUE(wire.wait_for_end());
}

TEST(Sse, tells_each_client_another_reconnection_time) {
  ServerProcess const server{sse.program, {"--retry-ms", "1000"}};
  std::vector<Wire> open;
  std::vector<std::string> times;
  for (int i = 0; i < 4; ++i) {
    open.emplace_back(server.client_port());
    open.back().send("GET /events HTTP/1.1\r\nHost: test\r\n\r\n");
    read_answer(open.back());
    auto const hello = read_chunk(open.back());
    times.push_back(hello.substr(7, hello.find('\n') - 7));
    EXPECT_GE(std::stoi(times.back()), 500);
    EXPECT_LE(std::stoi(times.back()), 1500);
  }
  EXPECT_FALSE(times[0] == times[1] && times[1] == times[2] && times[2] == times[3]);
}

TEST(Sse, the_last_event_id_field_wins_over_the_parameter) {
  ServerProcess const server{sse.program};
  auto const start = listening(sse, server, "a")->cursor();
  publish(server.ingest_port(), note("a", 1));
  Wire wire{server.client_port()};
  wire.send("GET /events?events=a&lastEventId=nonsense HTTP/1.1\r\nHost: test\r\nLast-Event-ID: " +
            start + "\r\n\r\n");
  read_answer(wire);
  EXPECT_NE(read_chunk(wire).find("event: hello\n"), std::string::npos);
  EXPECT_NE(read_chunk(wire).find(note("a", 1)), std::string::npos);
}

// A poll that waits: with a cursor, for there is nothing to tell who has one. Counted as the
// second request.
std::string waiting_poll(ServerProcess const& server, std::string const& version = "1.1") {
  auto const snapshot = boost::json::parse(get(server.client_port(), "/snapshot").body);
  return "GET /poll?events=a&wait=50&since=" + std::string{snapshot.at("cursor").as_string()} +
         " HTTP/" + version + "\r\nHost: test\r\n\r\n";
}

void wait_until_held(ServerProcess const& server) {
  wait_until([&] { return metric(server.ingest_port(), "pushlab_requests_total") == 2; },
             "the poll is held");
}

std::string poll_request(std::string const& query) {
  return "GET /poll?events=a&" + query + " HTTP/1.1\r\nHost: test\r\n\r\n";
}

TEST(LongPoll, is_answered_by_the_event_that_it_waits_for) {
  ServerProcess const server{long_poll.program};
  Wire wire{server.client_port()};
  wire.send(waiting_poll(server));
  wait_until_held(server);
  publish(server.ingest_port(), note("a", 1));
  auto const body = boost::json::parse(read_answer(wire).body);
  EXPECT_EQ(body.at("events").at(0).at("data"), boost::json::parse(note("a", 1)));
  EXPECT_EQ(body.at("next"), body.at("events").at(0).at("id"));
}

TEST(LongPoll, is_answered_empty_at_its_deadline_and_not_before) {
  ServerProcess const server{long_poll.program};
  Wire wire{server.client_port()};
  wire.send(poll_request("wait=1"));
  auto const first = boost::json::parse(read_answer(wire).body);
  auto const start = std::chrono::steady_clock::now();
  wire.send(poll_request("wait=1&since=" + std::string{first.at("next").as_string()}));
  auto const empty = boost::json::parse(read_answer(wire).body);
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds{900});
  EXPECT_TRUE(empty.at("events").as_array().empty());
  EXPECT_EQ(empty.at("next"), first.at("next"));
}

TEST(LongPoll, an_http_1_0_client_is_answered_and_closed) {
  ServerProcess const server{long_poll.program};
  Wire wire{server.client_port()};
  wire.send(waiting_poll(server, "1.0"));
  wait_until_held(server);
  publish(server.ingest_port(), note("a", 1));
  EXPECT_NE(read_answer(wire).body.find(note("a", 1)), std::string::npos);
  EXPECT_TRUE(wire.wait_for_end());
}

TEST(LongPoll, requests_sent_behind_a_held_one_are_answered_after_it) {
  ServerProcess const server{long_poll.program};
  Wire wire{server.client_port()};
  wire.send(waiting_poll(server) + poll_request("wait=0") + poll_request("wait=0"));
  wait_until_held(server);
  publish(server.ingest_port(), note("a", 1));
  EXPECT_NE(read_answer(wire).body.find(note("a", 1)), std::string::npos);
  for (int i = 0; i < 2; ++i)
    EXPECT_NE(read_answer(wire).body.find("\"events\":[]"), std::string::npos);
}

// The client goes on sending as long as it can; the server answers a metric between two tries, so
// it has had its turn to read.
TEST(LongPoll, a_flood_of_requests_behind_a_held_one_is_not_taken_in) {
  ServerProcess const server{long_poll.program};
  Wire wire{server.client_port()};
  wire.send(waiting_poll(server));
  wait_until_held(server);
  auto const one = poll_request("wait=0");
  std::string flood;
  while (flood.size() < (1U << 20)) flood += one;
  std::size_t sent = 0;
  for (int full = 0; full < 200 && sent < (64U << 20);) {
    auto const n = wire.send_what_fits(flood);
    sent += n;
    full = n > 0 ? 0 : full + 1;
    metric(server.ingest_port(), "pushlab_connections_open");
  }
  EXPECT_LT(sent, 16U << 20) << "more than the kernel's buffers take";
}

TEST(LongPoll, a_wait_that_is_no_number_is_refused) {
  ServerProcess const server{long_poll.program};
  for (auto const* wait : {"soon", "-1", "1.5", ""})
    EXPECT_EQ(get(server.client_port(), std::string{"/poll?wait="} + wait).status, 400) << wait;
}

TEST(ShortPoll, answers_304_while_nothing_happened_and_the_events_then) {
  ServerProcess const server{short_poll.program};
  auto const first = get(server.client_port(), "/poll?events=a");
  auto const etag = first.field("etag");
  auto const cursor = etag.substr(1, etag.size() - 2);
  auto const ask_again = [&] {
    return get(server.client_port(), "/poll?events=a&since=" + cursor,
               "If-None-Match: " + etag + "\r\n");
  };
  auto const unchanged = ask_again();
  EXPECT_EQ(unchanged.status, 304);
  EXPECT_EQ(unchanged.field("etag"), etag);
  publish(server.ingest_port(), note("a", 1));
  auto const changed = ask_again();
  EXPECT_EQ(changed.status, 200);
  EXPECT_NE(changed.body.find(note("a", 1)), std::string::npos);
  EXPECT_NE(changed.field("etag"), etag);
}

TEST(ShortPoll, an_etag_that_events_of_others_moved_on_is_known_again) {
  ServerProcess const server{short_poll.program};
  auto const known = get(server.client_port(), "/poll?events=a").field("etag");
  auto const cursor = known.substr(1, known.size() - 2);
  auto const target = "/poll?events=a&since=" + cursor;
  publish(server.ingest_port(), note("b", 1));
  auto const moved = get(server.client_port(), target).field("etag");
  ASSERT_EQ(moved.find(cursor), std::string::npos) << "the cursor did not move";
  auto const unchanged = get(server.client_port(), target, "If-None-Match: " + moved + "\r\n");
  EXPECT_EQ(unchanged.status, 304);
  EXPECT_EQ(unchanged.field("etag"), moved);
}

}  // namespace
}  // namespace pushlab::test

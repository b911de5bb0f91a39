// Every end of a connection has a name, in the metrics and, for who wants to know, in the log. None
// of them is an error.
#include "tests/integration/servers/sessions.hpp"

namespace pushlab::test {
namespace {

std::size_t lines_with(std::string const& log, std::string const& word) {
  std::size_t found = 0;
  for (std::size_t at = 0; at < log.size();) {
    auto const end = std::min(log.find('\n', at), log.size());
    if (log.substr(at, end - at).find(word) != std::string::npos) ++found;
    at = end + 1;
  }
  return found;
}

bool speaks_of_errors(std::string log) {
  for (auto& c : log) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return log.find("error") != std::string::npos || log.find("fail") != std::string::npos ||
         log.find("warn") != std::string::npos;
}

void fall_behind(ServerProcess const& server) {
  wait_until(
      [&] {
        publish(server.ingest_port(), note("noise", 1, std::string(8000, 'x')));
        return metric(server.ingest_port(), ended("slow_reader")) == 1;
      },
      "the slow reader is cut");
}

// One of each: gone by itself, revoked, too slow, and there until the end.
void end_in_every_way(Target const& target, ServerProcess& server, RedisProcess& redis) {
  listening(target, server, "a", by_cookie("two")).reset();
  wait_for_count(server, ended("client_closed"), 1);
  auto slow_asking = by_cookie("two");
  slow_asking.receive_buffer = 4096;
  auto const revoked = listening(target, server, "a", by_cookie("one"));
  auto const slow = listening(target, server, "noise", slow_asking);
  auto const last = listening(target, server, "a", by_cookie("two"));
  redis.command({"DEL", "sess:one"});
  expect_revoked(target, *revoked);
  wait_for_count(server, ended("revoked"), 1);
  fall_behind(server);
  server.terminate();
  EXPECT_EQ(last->next().event, "end");
  EXPECT_EQ(server.wait(), 0);
}

TEST_P(EveryStream, each_end_is_one_line_of_the_log_and_no_error) {
  RedisProcess redis;
  auto server = configured(GetParam(), sessions_in(redis),
                           {"--log-level", "debug", "--outbox-bytes", "65536"});
  log_in(redis, "one", "7");
  log_in(redis, "two", "8");
  end_in_every_way(GetParam(), server, redis);
  auto const log = server.log();
  for (auto const* reason : {"client_closed", "revoked", "slow_reader", "drained"})
    EXPECT_EQ(lines_with(log, reason), 1U) << reason << " in\n" << log;
  EXPECT_FALSE(speaks_of_errors(log)) << log;
}

TEST_P(EveryStream, the_log_is_silent_unless_somebody_wants_to_know) {
  RedisProcess redis;
  auto server = configured(GetParam(), sessions_in(redis), {"--outbox-bytes", "65536"});
  log_in(redis, "one", "7");
  log_in(redis, "two", "8");
  end_in_every_way(GetParam(), server, redis);
  EXPECT_EQ(server.log(), "");
}

TEST_P(EveryWebSocket, a_client_that_answers_no_ping_ends_as_idle) {
  ServerProcess server{GetParam().program, {"--heartbeat-s", "1", "--log-level", "debug"}};
  auto wire = open_websocket(server.client_port(), "/ws?events=a");
  EXPECT_TRUE(wire.wait_for_end());
  wait_for_count(server, ended("idle"), 1);
  server.terminate();
  EXPECT_EQ(server.wait(), 0);
  EXPECT_EQ(lines_with(server.log(), "idle"), 1U) << server.log();
}

TEST_P(EveryServer, a_refused_client_is_no_error_either) {
  auto server = configured(GetParam(), people + rules, {"--log-level", "debug"});
  expect_refusal(knock(GetParam(), server, "orders"), 401);
  expect_refusal(knock(GetParam(), server, "audit.x", by_key("7")), 403);
  Wire nonsense{server.client_port()};
  nonsense.send("\x16\x03\x01 nonsense\r\n\r\n");
  expect_refusal(read_answer(nonsense), 400);
  EXPECT_TRUE(nonsense.wait_for_end());
  wait_for_count(server, ended("bad_request"), 1);
  wait_until(  // websocketpp closes behind its answer, the others let the client close
      [&] {
        auto const port = server.ingest_port();
        return metric(port, ended("client_closed")) + metric(port, ended("served")) == 2;
      },
      "the refused ones have gone");
  server.terminate();
  EXPECT_EQ(server.wait(), 0);
  EXPECT_EQ(lines_with(server.log(), "bad_request"), 1U) << server.log();
  EXPECT_FALSE(speaks_of_errors(server.log())) << server.log();
}

TEST_P(EveryServer, a_log_level_that_does_not_exist_is_refused) {
  auto const ended = run_to_end(GetParam().program, {"--log-level", "loud"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_NE(ended.err.find("loud"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace pushlab::test

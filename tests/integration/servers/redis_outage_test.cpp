// Redis away is no reason to send anybody away: streams stay, who comes anew is asked to wait.
#include "tests/integration/servers/sessions.hpp"

namespace pushlab::test {
namespace {

std::string const quick = "timeout_ms = 300\nrecheck_s = 3600\n";

void expect_outage(HttpAnswer const& answer) {
  expect_refusal(answer, 503);
  ASSERT_NE(answer.field("retry-after"), "");
  EXPECT_GE(std::stoi(answer.field("retry-after")), 1);
}

void wait_until_let_in(Target const& target, ServerProcess const& server,
                       std::string const& cookie) {
  wait_until([&] { return knock(target, server, "a", by_cookie(cookie)).status == let_in(target); },
             "the server found Redis again");
}

TEST_P(EveryServer, who_comes_while_redis_is_away_is_asked_to_come_again) {
  RedisProcess redis;
  auto const server = configured(GetParam(), sessions_in(redis, {}, quick) + rules);
  log_in(redis, "one", "7");
  EXPECT_EQ(knock(GetParam(), server, "a", by_cookie("one")).status, let_in(GetParam()));
  redis.kill();
  expect_outage(knock(GetParam(), server, "a", by_cookie("one")));
  expect_outage(snapshot(server, "a", by_cookie("one")));
  expect_outage(ask_ticket(server, by_cookie("one")));
  EXPECT_EQ(knock(GetParam(), server, "news").status, let_in(GetParam())) << "needs no Redis";
  redis.restart();
  log_in(redis, "one", "7");
  wait_until_let_in(GetParam(), server, "one");
}

TEST_P(EveryServer, a_redis_that_does_not_answer_is_given_up_in_time) {
  RedisProcess redis;
  auto const server = configured(GetParam(), sessions_in(redis, {}, quick));
  log_in(redis, "one", "7");
  EXPECT_EQ(knock(GetParam(), server, "a", by_cookie("one")).status, let_in(GetParam()));
  redis.freeze();
  expect_outage(knock(GetParam(), server, "a", by_cookie("one")));
  expect_outage(knock(GetParam(), server, "a", by_cookie("one")));
  redis.thaw();
  wait_until_let_in(GetParam(), server, "one");
}

TEST_P(EveryServer, a_server_that_starts_before_redis_serves_when_redis_is_there) {
  RedisProcess redis;
  redis.kill();
  auto const server = configured(GetParam(), sessions_in(redis, {}, quick));
  expect_outage(knock(GetParam(), server, "a", by_cookie("one")));
  redis.restart();
  log_in(redis, "one", "7");
  wait_until_let_in(GetParam(), server, "one");
}

TEST_P(EveryStream, streams_stay_while_redis_is_away_and_afterwards) {
  RedisProcess redis;
  auto const server = configured(GetParam(), sessions_in(redis, {}, quick));
  log_in(redis, "one", "7");
  auto const client = listening(GetParam(), server, "a", by_cookie("one"));
  redis.freeze();
  expect_outage(knock(GetParam(), server, "a", by_cookie("one")));
  publish(server.ingest_port(), note("a", 1));
  expect_event(*client, note("a", 1));
  redis.thaw();
  wait_until_let_in(GetParam(), server, "one");
  publish(server.ingest_port(), note("a", 2));
  expect_event(*client, note("a", 2));
  EXPECT_EQ(metric(server.ingest_port(), ended("revoked")), 0U);
  redis.command({"DEL", "sess:one"});  // is noticed as before
  expect_revoked(GetParam(), *client);
}

// A Redis that comes back empty has lost every session, and with it what they allowed.
TEST_P(EveryStream, a_session_that_is_lost_with_redis_ends_when_redis_is_back) {
  RedisProcess redis;
  auto const server = configured(GetParam(), sessions_in(redis, {}, quick));
  log_in(redis, "one", "7");
  auto const client = listening(GetParam(), server, "a", by_cookie("one"));
  redis.kill();
  expect_outage(knock(GetParam(), server, "a", by_cookie("one")));
  for (int i = 0; i < 10; ++i) {
    publish(server.ingest_port(), note("a", i));
    expect_event(*client, note("a", i));
  }
  redis.restart();
  expect_revoked(GetParam(), *client);
  wait_for_count(server, ended("revoked"), 1);
}

// The deletion waits in the socket of a Redis that stands still, and happens the moment it goes on.
TEST_P(EveryStream, a_session_deleted_while_the_server_could_not_know_ends_afterwards) {
  RedisProcess redis;
  auto const server = configured(GetParam(), sessions_in(redis, {}, quick));
  log_in(redis, "one", "7");
  log_in(redis, "two", "8");
  auto const first = listening(GetParam(), server, "a", by_cookie("one"));
  auto const second = listening(GetParam(), server, "a", by_cookie("two"));
  Wire deletion{redis.port()};
  redis.freeze();
  expect_outage(knock(GetParam(), server, "a", by_cookie("one")));
  deletion.send("DEL sess:one\r\n");
  redis.thaw();
  EXPECT_EQ(deletion.read_until("\r\n"), ":1\r\n");
  expect_revoked(GetParam(), *first);
  publish(server.ingest_port(), note("a", 1));
  expect_event(*second, note("a", 1));
}

}  // namespace
}  // namespace pushlab::test

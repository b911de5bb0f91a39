// A session that ends takes its connections with it, and only those.
#include "tests/integration/servers/sessions.hpp"

namespace pushlab::test {
namespace {

std::string delays(std::string const& source) {
  return "pushlab_revocation_delay_seconds_count{source=\"" + source + "\"}";
}

// A message that is published before is nobody's.
void wait_until_heard(RedisProcess& redis, std::string const& channel) {
  wait_until(
      [&] { return redis.command({"PUBSUB", "NUMSUB", channel}).find("\n1") != std::string::npos; },
      "the server listens to " + channel);
}

// Both users are in; the first one's session is about to end.
struct Two {
  explicit Two(Target const& program, std::string const& events = "KA",
               std::string const& more = "recheck_s = 3600\n", std::string const& roles = "[]")
      : redis(events), server(configured(program, sessions_in(redis, {}, more))), target(program) {
    log_in(redis, "one", "7", roles);
    log_in(redis, "two", "8");
    first = listening(target, server, "a", by_cookie("s%3Aone.x"));
    second = listening(target, server, "a", by_cookie("two"));
    if (target.is_stream())
      wait_until_heard(redis, events.empty() ? "pushlab:revoked" : "__keyspace@0__:sess:one");
  }

  void expect_only_the_first_ended() {
    expect_revoked(target, *first);
    publish(server.ingest_port(), note("a", 1));
    expect_event(*second, note("a", 1));
    if (target.is_stream()) wait_for_count(server, ended("revoked"), 1);
  }

  RedisProcess redis;
  ServerProcess server;
  Target target;
  std::unique_ptr<PushClient> first, second;
};

TEST_P(EveryServer, a_deleted_session_ends_its_connection_and_no_other) {
  Two two{GetParam()};
  two.redis.command({"DEL", "sess:one"});
  two.expect_only_the_first_ended();
  expect_refusal(knock(GetParam(), two.server, "a", by_cookie("one")), 401);
}

TEST_P(EveryServer, a_session_that_expires_ends_its_connection_and_no_other) {
  Two two{GetParam()};
  two.redis.command({"PEXPIRE", "sess:one", "50"});
  two.expect_only_the_first_ended();
}

TEST_P(EveryServer, a_server_without_keyspace_events_is_asked_again) {
  Two two{GetParam(), "", "recheck_s = 1\n"};
  two.redis.command({"DEL", "sess:one"});
  two.expect_only_the_first_ended();
  if (GetParam().is_stream()) {
    EXPECT_EQ(metric(two.server.ingest_port(), delays("rechecked")), 1U);
    EXPECT_EQ(metric(two.server.ingest_port(), delays("pushed")), 0U);
  }
}

// The session is still in Redis: whoever comes anew gets in, the connections that are there end.
TEST_P(EveryStream, a_message_on_the_channel_ends_the_streams_of_a_session) {
  for (auto const* message : {"one", "sess:one"}) {
    Two two{GetParam(), ""};
    two.redis.command({"PUBLISH", "pushlab:revoked", message});
    two.expect_only_the_first_ended();
    EXPECT_EQ(metric(two.server.ingest_port(), delays("pushed")), 1U);
    EXPECT_EQ(knock(GetParam(), two.server, "a", by_cookie("one")).status, let_in(GetParam()));
  }
}

TEST_P(EveryStream, all_streams_of_a_session_end_also_one_that_came_by_a_ticket) {
  RedisProcess redis;
  auto const server = configured(GetParam(), sessions_in(redis));
  log_in(redis, "one", "7");
  log_in(redis, "two", "7");
  std::vector<std::unique_ptr<PushClient>> of_one;
  for (auto const* names : {"a", "", "*"})
    of_one.push_back(listening(GetParam(), server, names, by_cookie("one")));
  auto const ticket = ticket_in(ask_ticket(server, by_cookie("one")));
  of_one.push_back(listening(GetParam(), server, "a", by_ticket(ticket)));
  auto const same_user = listening(GetParam(), server, "a", by_cookie("two"));
  redis.command({"DEL", "sess:one"});
  for (auto const& client : of_one) expect_revoked(GetParam(), *client);
  publish(server.ingest_port(), note("a", 1));
  expect_event(*same_user, note("a", 1));
  wait_for_count(server, ended("revoked"), of_one.size());
}

// The server may not listen to the session yet: it looks again when it does.
TEST_P(EveryStream, a_session_that_ends_while_its_stream_starts_ends_it) {
  RedisProcess redis;
  auto const server = configured(GetParam(), sessions_in(redis, {}, "recheck_s = 3600\n"));
  for (int i = 0; i < 20; ++i) {
    auto const session = "s" + std::to_string(i);
    log_in(redis, session, "7");
    auto const client = listening(GetParam(), server, "a", by_cookie(session));
    redis.command({"DEL", "sess:" + session});
    expect_revoked(GetParam(), *client);
  }
  auto const count = [&](auto const* source) {
    return metric(server.ingest_port(), delays(source));
  };
  EXPECT_EQ(count("pushed") + count("rechecked"), 20U);
}

TEST_P(EveryStream, a_session_that_loses_a_role_or_changes_hands_ends_its_connections) {
  for (auto const& [user, roles] :
       {std::pair{"7", R"(["admin"])"}, {"9", R"(["staff","admin"])"}}) {
    Two two{GetParam(), "KA", "recheck_s = 3600\n", R"(["staff","admin"])"};
    log_in(two.redis, "one", user, roles);
    two.expect_only_the_first_ended();
  }
}

// express-session writes the session anew with each request of the page.
TEST_P(EveryStream, a_session_that_is_written_again_goes_on) {
  Two two{GetParam()};
  log_in(two.redis, "two", "8", R"(["staff"])");
  two.redis.command({"EXPIRE", "sess:two", "3600"});
  two.redis.command({"DEL", "sess:other"});
  two.redis.command({"DEL", "sess:one"});
  two.expect_only_the_first_ended();
}

// A second request with the same cookie is answered behind the first one's look-up, so that the
// poll is held by then.
TEST(LongPollRevocation, answers_the_held_poll_with_401_and_closes) {
  RedisProcess redis;
  auto const server = configured(long_poll, sessions_in(redis));
  log_in(redis, "one", "7");
  auto const cursor = listening(long_poll, server, "a", by_cookie("one"))->cursor();
  Wire held{server.client_port()};
  held.send("GET /poll?events=a&wait=50&since=" + cursor + " HTTP/1.1\r\nHost: test\r\n" +
            by_cookie("one").fields + "\r\n");
  wait_for_count(server, "pushlab_requests_total", 2);
  EXPECT_EQ(snapshot(server, "a", by_cookie("one")).status, 200);
  redis.command({"DEL", "sess:one"});
  auto const answer = read_answer(held);
  expect_refusal(answer, 401);
  EXPECT_EQ(answer.field("connection"), "close");
  EXPECT_TRUE(held.wait_for_end());
  wait_for_count(server, ended("revoked"), 1);
}

}  // namespace
}  // namespace pushlab::test

#include "servers/auth/redis_authenticator.hpp"

#include <gtest/gtest.h>

#include "tests/integration/auth/auth_loop.hpp"

namespace pushlab::test {
namespace {

using namespace server;
using namespace std::chrono_literals;
using Kind = Credential::Kind;
using Clock = std::chrono::steady_clock;

struct RedisAuthenticatorTest : testing::Test {
  RedisProcess redis;

  void store(std::string const& id, std::string const& user, std::string const& roles = "[]") {
    redis.command({"SET", "sess:" + id, session_json(user, roles)});
  }
};

TEST_F(RedisAuthenticatorTest, knows_who_has_a_session) {
  store("abc", "7", R"(["staff","admin","staff"])");
  AuthLoop loop{redis};
  auto const verdict = loop.identify({Kind::session, "s:abc.signature"});
  EXPECT_EQ(std::get<Identity>(verdict), (Identity{"7", {"admin", "staff"}, "sess:abc"}));
  EXPECT_EQ(loop.user_of_session("abc"), "7");
  EXPECT_TRUE(loop.authenticator->is_available());
}

TEST_F(RedisAuthenticatorTest, knows_who_has_an_api_key) {
  redis.command({"SET", "apikey:k", R"({"user":"robot","roles":"feeder"})"});
  AuthLoop loop{redis};
  auto const verdict = loop.identify({Kind::api_key, "k"});
  EXPECT_EQ(std::get<Identity>(verdict), (Identity{"robot", {"feeder"}, "apikey:k"}));
  EXPECT_EQ(status(loop.identify({Kind::session, "k"})), 401);
}

TEST_F(RedisAuthenticatorTest, finds_keys_and_values_where_it_is_told) {
  auto options = redis_auth(redis.address());
  options.redis.session_key = "app:{id}:session";
  options.redis.session_user = "/passport/user";
  options.redis.session_roles = "/rights";
  options.redis.db = 2;
  redis.command({"SELECT", "2"});
  redis.command({"SET", "app:abc:session", R"({"passport":{"user":8},"rights":["r"]})"});
  AuthLoop loop{options};
  EXPECT_EQ(std::get<Identity>(loop.identify({Kind::session, "abc"})),
            (Identity{"8", {"r"}, "app:abc:session"}));
}

TEST_F(RedisAuthenticatorTest, lets_who_shows_nothing_be_anonymous) {
  redis.kill();
  EXPECT_TRUE(std::get<Identity>(AuthLoop{redis}.identify({})).is_anonymous());
}

TEST_F(RedisAuthenticatorTest, refuses_what_is_not_known_or_belongs_to_nobody) {
  redis.command({"SET", "sess:nobody", R"({"cookie":{}})"});
  redis.command({"SET", "sess:text", "hello"});
  redis.command({"SADD", "sess:set", "7"});
  AuthLoop loop{redis};
  for (auto const* id : {"unknown", "nobody", "text", "set", ""}) {
    auto const verdict = loop.identify({Kind::session, id});
    ASSERT_EQ(status(verdict), 401) << id;
    EXPECT_FALSE(std::get<AuthRefusal>(verdict).detail.empty());
    EXPECT_EQ(std::get<AuthRefusal>(verdict).retry_after_s, 0U);
  }
  EXPECT_EQ(status(loop.identify({Kind::api_key, "unknown"})), 401);
  EXPECT_EQ(status(loop.identify({Kind::ticket, "unknown"})), 401);
}

TEST_F(RedisAuthenticatorTest, asks_redis_for_no_cookie_that_the_application_did_not_sign) {
  store("id3", "7");
  auto options = redis_auth(redis.address());
  options.cookie_secret = "keyboard cat";
  AuthLoop loop{options};
  EXPECT_EQ(loop.user_of_session("s:id3.xEGh1/9/w4Po/oGJK7XdiW+A2jvS8tfNMzDL5Rc5zB4"), "7");
  redis.kill();
  for (auto const* cookie : {"id3", "s:id3.xEGh1", "s:id3", "s:id4.xEGh1/9/w4Po/oGJK7XdiW+"})
    EXPECT_EQ(loop.user_of_session(cookie), "401") << cookie;
}

TEST_F(RedisAuthenticatorTest, takes_hostile_bytes_for_an_id_like_any_other) {
  AuthLoop loop{redis};
  std::string const hostile{"a b\r\nSET sess:x y\r\n*1\r\n$8\r\nFLUSHALL\r\n\0%s{id}\xff", 45};
  EXPECT_EQ(loop.user_of_session(hostile), "401");
  EXPECT_EQ(redis.command({"DBSIZE"}), "0");
  store(hostile, "7");
  EXPECT_EQ(loop.user_of_session(hostile), "7");
  EXPECT_EQ(redis.command({"DBSIZE"}), "1");
}

TEST_F(RedisAuthenticatorTest, gives_tickets_that_are_good_once_in_every_process) {
  store("abc", "7");
  AuthLoop loop{redis}, other{redis};
  for (auto* bought_at : {&loop, &other}) {
    auto const verdict = bought_at->issue_ticket({Kind::session, "s:abc.x"});
    ASSERT_EQ(status(verdict), 200);
    auto const ticket = std::get<Ticket>(verdict);
    EXPECT_EQ(ticket.expires_in_s, 30U);
    auto const lives_s = std::stoi(redis.command({"TTL", "pushlab:ticket:" + ticket.text}));
    EXPECT_TRUE(lives_s > 25 && lives_s <= 30) << lives_s;
    EXPECT_EQ(std::get<Identity>(other.identify({Kind::ticket, ticket.text})),
              (Identity{"7", {}, "sess:abc"}));
    EXPECT_EQ(status(other.identify({Kind::ticket, ticket.text})), 401);
    EXPECT_EQ(status(loop.identify({Kind::ticket, ticket.text})), 401);
  }
}

TEST_F(RedisAuthenticatorTest, gives_a_ticket_to_one_of_many_who_show_it_at_the_same_time) {
  redis.command({"SET", "apikey:k", R"({"user":"robot"})"});
  AuthLoop loop{redis};
  auto const ticket = std::get<Ticket>(loop.issue_ticket({Kind::api_key, "k"}));
  int let_in = 0, refused = 0;
  for (int i = 0; i < 20; ++i)
    loop.authenticator->identify({Kind::ticket, ticket.text}, [&](AuthVerdict const& verdict) {
      ++(status(verdict) == 200 ? let_in : refused);
    });
  loop.run_until([&] { return let_in + refused == 20; }, "20 verdicts");
  EXPECT_EQ(let_in, 1);
}

TEST_F(RedisAuthenticatorTest, gives_tickets_for_good_credentials_only) {
  store("abc", "7");
  AuthLoop loop{redis};
  EXPECT_EQ(status(loop.issue_ticket({})), 401);
  EXPECT_EQ(status(loop.issue_ticket({Kind::session, "unknown"})), 401);
  EXPECT_EQ(status(loop.issue_ticket({Kind::api_key, ""})), 401);
  auto const ticket = std::get<Ticket>(loop.issue_ticket({Kind::session, "abc"}));
  EXPECT_EQ(status(loop.issue_ticket({Kind::ticket, ticket.text})), 401);
}

TEST_F(RedisAuthenticatorTest, takes_no_ticket_whose_time_or_session_is_over) {
  store("abc", "7");
  AuthLoop loop{redis};
  auto const expired = std::get<Ticket>(loop.issue_ticket({Kind::session, "abc"}));
  redis.command({"PEXPIRE", "pushlab:ticket:" + expired.text, "1"});
  loop.run_until([&] { return redis.command({"EXISTS", "pushlab:ticket:" + expired.text}) == "0"; },
                 "the ticket has expired");
  EXPECT_EQ(status(loop.identify({Kind::ticket, expired.text})), 401);
  auto const orphan = std::get<Ticket>(loop.issue_ticket({Kind::session, "abc"}));
  redis.command({"DEL", "sess:abc"});
  EXPECT_EQ(status(loop.identify({Kind::ticket, orphan.text})), 401);
}

TEST_F(RedisAuthenticatorTest, cannot_tell_while_redis_is_down_and_can_by_itself_when_it_is_back) {
  store("abc", "7");
  AuthLoop loop{redis};
  EXPECT_EQ(loop.user_of_session("abc"), "7");
  redis.kill();
  auto const start = Clock::now();
  auto const verdict = loop.identify({Kind::session, "abc"});
  EXPECT_LT(Clock::now() - start, 2s);
  ASSERT_EQ(status(verdict), 503);
  EXPECT_GE(std::get<AuthRefusal>(verdict).retry_after_s, 1U);
  EXPECT_LE(std::get<AuthRefusal>(verdict).retry_after_s, 5U);
  EXPECT_FALSE(loop.authenticator->is_available());
  EXPECT_EQ(status(loop.issue_ticket({Kind::session, "abc"})), 503);
  EXPECT_EQ(status(loop.identify({Kind::ticket, "t"})), 503);
  redis.restart();
  store("abc", "7");
  loop.run_until([&] { return loop.authenticator->is_available(); }, "Redis is found again");
  EXPECT_EQ(loop.user_of_session("abc"), "7");
}

TEST_F(RedisAuthenticatorTest, cannot_tell_when_redis_takes_too_long) {
  store("abc", "7");
  auto options = redis_auth(redis.address());
  options.redis.timeout_ms = 200;
  AuthLoop loop{options};
  EXPECT_EQ(loop.user_of_session("abc"), "7");
  redis.freeze();
  auto const start = Clock::now();
  EXPECT_EQ(loop.user_of_session("abc"), "503");
  EXPECT_GE(Clock::now() - start, 200ms);
  EXPECT_LT(Clock::now() - start, 2s);
  redis.thaw();
  loop.run_until([&] { return loop.authenticator->is_available(); }, "Redis is found again");
  EXPECT_EQ(loop.user_of_session("abc"), "7");
}

TEST_F(RedisAuthenticatorTest, cannot_tell_when_redis_is_not_allowed_to_say) {
  redis.command({"ACL", "SETUSER", "other", "on", ">p", "~other:*", "+@all"});
  auto options = redis_auth(redis.address());
  options.redis.username = "other";
  options.redis.password = "p";
  EXPECT_EQ(AuthLoop{options}.user_of_session("abc"), "503");
}

TEST_F(RedisAuthenticatorTest, goes_with_questions_open) {
  store("abc", "7");
  boost::asio::io_context io;
  AuthShared shared;
  bool called = false;
  {
    auto const authenticator = make_authenticator(redis_auth(redis.address()), io, shared);
    authenticator->identify({Kind::session, "abc"}, [&](AuthVerdict const&) { called = true; });
    authenticator->issue_ticket({Kind::session, "abc"},
                                [&](TicketVerdict const&) { called = true; });
    authenticator->watch("sess:abc");
    io.run_one();
  }
  io.run_for(50ms);
  EXPECT_FALSE(called);
}

}  // namespace
}  // namespace pushlab::test

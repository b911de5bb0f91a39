#include "servers/auth/redis_link.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <boost/asio/ip/tcp.hpp>
#include <optional>

#include "tests/integration/auth/auth_loop.hpp"

namespace pushlab::test {
namespace {

using namespace server;
using namespace std::chrono_literals;
using Kind = RedisReply::Kind;
using Clock = std::chrono::steady_clock;

struct RedisLinkTest : testing::Test {
  boost::asio::io_context io;

  static RedisOptions at(std::string const& address) {
    RedisOptions options;
    options.address = address;
    return options;
  }
  RedisReply ask(RedisLink& link, std::vector<std::string> words) {
    auto const reply = std::make_shared<std::optional<RedisReply>>();
    link.command(std::move(words), [reply](RedisReply r) { *reply = std::move(r); });
    run_until(io, [&] { return reply->has_value(); }, "an answer of Redis");
    return **reply;
  }
  void until_up(RedisLink& link) {
    run_until(io, [&] { return link.connected(); }, "a connection to Redis");
  }
  void until_down(RedisLink& link) {
    run_until(io, [&] { return !link.connected(); }, "an end of the connection to Redis");
  }
};

TEST_F(RedisLinkTest, brings_every_kind_of_reply) {
  RedisProcess redis;
  RedisLink link{io, at(redis.address())};
  EXPECT_EQ(ask(link, {"SET", "a", "b"}).text, "OK");
  EXPECT_EQ(ask(link, {"GET", "a"}).text, "b");
  EXPECT_EQ(ask(link, {"GET", "none"}).kind, Kind::nil);
  EXPECT_EQ(ask(link, {"STRLEN", "a"}).integer, 1);
  EXPECT_EQ(ask(link, {"NO", "SUCH"}).kind, Kind::error);
  auto const array = ask(link, {"MGET", "a", "none"});
  ASSERT_EQ(array.elements.size(), 2U);
  EXPECT_EQ(array.elements[0].text, "b");
  EXPECT_EQ(array.elements[1].kind, Kind::nil);
}

TEST_F(RedisLinkTest, answers_commands_that_came_before_the_connection) {
  RedisProcess redis;
  redis.command({"SET", "a", "b"});
  RedisLink link{io, at(redis.address())};
  EXPECT_FALSE(link.connected());
  EXPECT_EQ(ask(link, {"GET", "a"}).text, "b");
  EXPECT_TRUE(link.connected());
}

TEST_F(RedisLinkTest, keeps_hostile_bytes_in_their_word) {
  RedisProcess redis;
  RedisLink link{io, at(redis.address())};
  for (auto const& word :
       {std::string{"a b"}, std::string{"\r\n*1\r\n$8\r\nFLUSHALL\r\n"}, std::string{"\0\1$", 3},
        std::string{"%s%n%b"}, std::string{"\xff\xfe"}, std::string(100'000, 'x'), std::string{}}) {
    EXPECT_EQ(ask(link, {"SET", word, word + "!"}).text, "OK");
    EXPECT_EQ(redis.command({"GET", word}), word + "!");
    EXPECT_EQ(ask(link, {"GET", word}).text, word + "!");
  }
  EXPECT_EQ(redis.command({"DBSIZE"}), "7");
}

TEST_F(RedisLinkTest, finds_redis_by_name_and_by_socket) {
  RedisProcess redis;
  redis.command({"SET", "a", "b"});
  RedisLink by_name{io, at("localhost:" + std::to_string(redis.port()))};
  EXPECT_EQ(ask(by_name, {"GET", "a"}).text, "b");
  RedisLink by_socket{io, at(redis.socket_path())};
  EXPECT_EQ(ask(by_socket, {"GET", "a"}).text, "b");
}

TEST_F(RedisLinkTest, signs_on_and_works_in_its_database_only) {
  RedisProcess redis;
  redis.command({"ACL", "SETUSER", "pushlab", "on", ">pass word", "~*", "+@all", "allchannels"});
  redis.command({"CONFIG", "SET", "requirepass", "default's"});
  auto options = at(redis.address());
  options.db = 3;
  options.password = "default's";
  RedisLink by_password{io, options};
  EXPECT_EQ(ask(by_password, {"SET", "a", "b"}).text, "OK");
  options.username = "pushlab";
  options.password = "pass word";
  RedisLink by_user{io, options};
  EXPECT_EQ(ask(by_user, {"GET", "a"}).text, "b");
  EXPECT_EQ(ask(by_user, {"ACL", "WHOAMI"}).text, "pushlab");
  redis.command({"SELECT", "3"});
  EXPECT_EQ(redis.command({"GET", "a"}), "b");
}

TEST_F(RedisLinkTest, says_why_it_is_not_let_in_and_runs_nothing) {
  RedisProcess redis;
  auto options = at(redis.address());
  std::string why;
  auto const refused = [&](RedisOptions const& how) {
    why.clear();
    RedisLink link{io, how};
    link.on_down([&](std::string const& reason) { why = reason; });
    EXPECT_EQ(ask(link, {"SET", "a", "b"}).kind, Kind::no_answer);
    EXPECT_FALSE(link.connected());
  };
  options.db = 99;
  refused(options);
  EXPECT_EQ(why, "ERR DB index is out of range");
  options.db = 0;
  options.password = "wrong";
  redis.command({"CONFIG", "SET", "requirepass", "right"});
  refused(options);
  EXPECT_TRUE(why.starts_with("WRONGPASS")) << why;
  options.password = "";
  refused(options);
  EXPECT_TRUE(why.starts_with("NOAUTH")) << why;
  EXPECT_EQ(redis.command({"DBSIZE"}), "0");
}

TEST_F(RedisLinkTest, says_at_once_that_there_is_no_redis_and_finds_it_when_there_is) {
  RedisProcess redis;
  redis.kill();
  std::string why;
  RedisLink link{io, at(redis.address())};
  link.on_down([&](std::string const& reason) { why = reason; });
  EXPECT_EQ(ask(link, {"PING"}).kind, Kind::no_answer);
  EXPECT_EQ(why, "Connection refused");
  bool answered = false;
  link.command({"PING"}, [&](RedisReply) { answered = true; });
  EXPECT_TRUE(answered);  // without a turn of the loop
  redis.restart();
  until_up(link);
  EXPECT_EQ(ask(link, {"PING"}).text, "PONG");
}

TEST_F(RedisLinkTest, answers_everything_when_redis_dies_and_comes_back_by_itself) {
  RedisProcess redis;
  RedisLink link{io, at(redis.address())};
  int ups = 0;
  link.on_up([&] { ++ups; });
  until_up(link);
  redis.freeze();
  int without_answer = 0;
  for (int i = 0; i < 100; ++i)
    link.command({"GET", "a"}, [&](RedisReply r) { without_answer += r.is(Kind::no_answer); });
  io.poll();
  redis.kill();
  run_until(io, [&] { return without_answer == 100; }, "100 answers");
  EXPECT_FALSE(link.connected());
  redis.restart();
  until_up(link);
  EXPECT_EQ(ups, 2);
}

TEST_F(RedisLinkTest, waits_for_an_answer_no_longer_than_it_may) {
  RedisProcess redis;
  auto options = at(redis.address());
  options.timeout_ms = 200;
  RedisLink link{io, options};
  until_up(link);
  redis.freeze();
  auto const start = Clock::now();
  EXPECT_EQ(ask(link, {"PING"}).kind, Kind::no_answer);
  EXPECT_GE(Clock::now() - start, 200ms);
  EXPECT_LT(Clock::now() - start, 2s);
  EXPECT_FALSE(link.connected());
  redis.thaw();
  until_up(link);
}

TEST_F(RedisLinkTest, blames_nobody_for_the_time_that_its_own_loop_was_busy) {
  RedisProcess redis;
  redis.command({"SET", "a", std::string(1000, 'x')});
  auto options = at(redis.address());
  options.timeout_ms = 200;
  RedisLink link{io, options};
  until_up(link);
  int answered = 0, without_answer = 0;
  for (int i = 0; i < 1000; ++i)
    link.command({"GET", "a"}, [&](RedisReply r) {
      ++answered;
      without_answer += r.is(Kind::no_answer);
    });
  io.poll();
  redis.command({"BLPOP", "none", "0.3"});  // answers after 300 ms
  run_until(io, [&] { return answered == 1000; }, "all answers");
  EXPECT_EQ(without_answer, 0);
}

TEST_F(RedisLinkTest, does_not_take_an_accepted_connection_for_a_redis) {
  RedisProcess redis;
  redis.freeze();
  auto options = at(redis.address());
  options.timeout_ms = 200;
  RedisLink link{io, options};
  auto const start = Clock::now();
  EXPECT_EQ(ask(link, {"PING"}).kind, Kind::no_answer);
  EXPECT_LT(Clock::now() - start, 2s);
  redis.thaw();
  until_up(link);
}

TEST_F(RedisLinkTest, gets_over_a_server_that_speaks_something_else) {
  namespace ip = boost::asio::ip;
  ip::tcp::acceptor acceptor{io, {ip::address_v4::loopback(), 0}};
  int accepted = 0;
  std::function<void()> accept = [&] {
    acceptor.async_accept([&](auto ec, ip::tcp::socket socket) {
      if (ec) return;
      ++accepted;
      boost::system::error_code ignored;
      socket.write_some(boost::asio::buffer("HTTP/1.1 400 Bad Request\r\n\r\n", 28), ignored);
      accept();
    });
  };
  accept();
  RedisLink link{io, at("127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()))};
  EXPECT_EQ(ask(link, {"PING"}).kind, Kind::no_answer);
  run_until(io, [&] { return accepted >= 3; }, "three attempts");
  EXPECT_FALSE(link.connected());
}

TEST_F(RedisLinkTest, holds_so_many_commands_and_no_more) {
  RedisProcess redis;
  RedisLink link{io, at(redis.address())};
  until_up(link);
  redis.freeze();
  std::size_t answered = 0, without_answer = 0;
  auto const count = [&](RedisReply r) {
    ++answered;
    without_answer += r.is(Kind::no_answer);
  };
  for (std::size_t i = 0; i < RedisLink::max_outstanding; ++i) link.command({"PING"}, count);
  EXPECT_EQ(answered, 0U);
  link.command({"PING"}, count);
  EXPECT_EQ(answered, 1U);
  redis.thaw();
  run_until(io, [&] { return answered == RedisLink::max_outstanding + 1; }, "all answers");
  EXPECT_EQ(without_answer, 1U);
}

TEST_F(RedisLinkTest, brings_messages_of_its_channels) {
  RedisProcess redis;
  RedisLink link{io, at(redis.address())};
  std::vector<std::string> messages;
  link.on_message([&](auto& channel, auto& text) { messages.push_back(channel + "=" + text); });
  int subscribed = 0;
  std::string const odd{"c\r\n\0 d", 6};
  link.subscribe({"a", "b", odd}, [&](RedisReply) { ++subscribed; });
  run_until(io, [&] { return subscribed == 1; }, "subscriptions");
  link.subscribe({"a"}, [&](RedisReply) { ++subscribed; });
  link.unsubscribe("b");
  run_until(io, [&] { return redis.command({"PUBSUB", "NUMSUB", "b"}) == "b\n0\n"; }, "b is left");
  for (auto const& channel : {std::string{"b"}, std::string{"a"}, odd})
    redis.command({"PUBLISH", channel, channel});
  run_until(io, [&] { return messages.size() == 2; }, "two messages");
  EXPECT_EQ(messages[0], "a=a");
  EXPECT_EQ(messages[1], odd + "=" + odd);
  EXPECT_EQ(subscribed, 2);
}

TEST_F(RedisLinkTest, ends_a_connection_whose_subscription_is_refused_and_does_not_hurry_back) {
  RedisProcess redis;
  redis.command({"ACL", "SETUSER", "deaf", "on", ">p", "~*", "+@all", "resetchannels"});
  auto options = at(redis.address());
  options.username = "deaf";
  options.password = "p";
  RedisLink link{io, options};
  std::vector<std::string> reasons;
  std::vector<Clock::time_point> downs;
  link.on_up([&] { link.subscribe({"a"}, [](RedisReply) {}); });
  link.on_down([&](std::string const& why) {
    reasons.push_back(why);
    downs.push_back(Clock::now());
  });
  run_until(io, [&] { return downs.size() == 5; }, "five refusals");
  EXPECT_TRUE(reasons[0].starts_with("NOPERM")) << reasons[0];
  EXPECT_GE(downs[4] - downs[0], 375ms);  // half of 50 + 100 + 200 + 400 ms
}

TEST_F(RedisLinkTest, forgets_what_is_outstanding_when_it_goes) {
  RedisProcess redis;
  bool answered = false;
  auto const never = [&](RedisReply) { answered = true; };
  {
    RedisLink connecting{io, at(redis.address())};
    RedisLink resolving{io, at("localhost:" + std::to_string(redis.port()))};
    connecting.command({"PING"}, never);
    resolving.command({"PING"}, never);
  }
  {
    RedisLink link{io, at(redis.address())};
    until_up(link);
    for (int i = 0; i < 100; ++i) link.command({"PING"}, never);
  }
  io.run_for(50ms);
  EXPECT_FALSE(answered);
}

TEST_F(RedisLinkTest, may_be_destroyed_by_who_gets_its_answer) {
  RedisProcess redis;
  auto link = std::make_unique<RedisLink>(io, at(redis.address()));
  bool other = false;
  link->command({"PING"}, [&](RedisReply) { link.reset(); });
  link->command({"PING"}, [&](RedisReply) { other = true; });
  run_until(io, [&] { return !link; }, "an answer");
  redis.kill();
  link = std::make_unique<RedisLink>(io, at(redis.address()));
  link->command({"PING"}, [&](RedisReply) { link.reset(); });
  link->command({"PING"}, [&](RedisReply) { other = true; });
  run_until(io, [&] { return !link; }, "no answer");
  io.run_for(50ms);
  EXPECT_FALSE(other);
}

}  // namespace
}  // namespace pushlab::test

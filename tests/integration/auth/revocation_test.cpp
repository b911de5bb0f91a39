#include <gtest/gtest.h>

#include <set>

#include "tests/integration/auth/auth_loop.hpp"

namespace pushlab::test {
namespace {

using namespace server;
using namespace std::chrono_literals;

void store(RedisProcess& redis, std::string const& id, std::string const& user,
           std::string const& roles = "[]") {
  redis.command({"SET", "sess:" + id, session_json(user, roles)});
}

bool hears(RedisProcess& redis, std::string const& key) {
  auto const channel = "__keyspace@0__:" + key;
  return redis.command({"PUBSUB", "NUMSUB", channel}) == channel + "\n1\n";
}

int looks(RedisProcess& redis) {
  std::string const name = "cmdstat_get:calls=";
  auto const stats = redis.command({"INFO", "commandstats"});
  auto const at = stats.find(name);
  return at == std::string::npos ? 0 : std::stoi(stats.substr(at + name.size()));
}

AuthOptions rechecked_each_second(RedisProcess& redis) {
  auto options = redis_auth(redis.address());
  options.redis.recheck_s = 1;
  return options;
}

// Session `abc` of user 7 is watched, and Redis tells what happens to it.
struct Revoked : testing::Test {
  RedisProcess redis;
  AuthLoop loop{redis};

  Revoked() {
    store(redis, "abc", "7", R"(["a","b"])");
    watch("abc");
  }
  void watch(std::string const& id) {
    auto const key = loop.watch_session(id);
    loop.run_until([&] { return hears(redis, key); }, "Redis tells of " + key);
  }
  void expect_pushed(std::string const& key) {
    auto const revocation = loop.revocation();
    EXPECT_EQ(revocation.session, key);
    EXPECT_EQ(revocation.source, RevocationSource::pushed);
    EXPECT_LT(revocation.delay_ns, 1'000'000'000U);
    EXPECT_EQ(loop.revocations.size(), 1U);
  }
  // A change that is told after all that happened before.
  void expect_none_so_far() {
    store(redis, "last", "1");
    watch("last");
    redis.command({"DEL", "sess:last"});
    expect_pushed("sess:last");
  }
};

TEST_F(Revoked, when_the_key_is_deleted) {
  redis.command({"DEL", "sess:abc"});
  expect_pushed("sess:abc");
}

TEST_F(Revoked, when_the_key_is_unlinked_and_written_again) {
  redis.command({"UNLINK", "sess:abc"});
  store(redis, "abc", "7", R"(["a","b"])");
  expect_pushed("sess:abc");
}

TEST_F(Revoked, when_the_key_expires) {
  redis.command({"PEXPIRE", "sess:abc", "20"});
  expect_pushed("sess:abc");
}

TEST_F(Revoked, when_the_key_is_renamed) {
  redis.command({"RENAME", "sess:abc", "sess:new"});
  expect_pushed("sess:abc");
}

TEST_F(Revoked, when_the_key_moves_to_another_database) {
  redis.command({"MOVE", "sess:abc", "1"});
  expect_pushed("sess:abc");
}

TEST_F(Revoked, when_another_user_logs_in_with_it) {
  store(redis, "abc", "8", R"(["a","b"])");
  expect_pushed("sess:abc");
}

TEST_F(Revoked, when_the_user_logs_out_and_the_session_stays) {
  redis.command({"SET", "sess:abc", R"({"cookie":{}})"});
  expect_pushed("sess:abc");
}

TEST_F(Revoked, when_a_role_is_taken_away) {
  store(redis, "abc", "7", R"(["a"])");
  expect_pushed("sess:abc");
}

TEST_F(Revoked, not_when_the_same_user_writes_it_or_gets_a_role) {
  store(redis, "abc", "7", R"(["a","b"])");
  store(redis, "abc", "7", R"(["c","b","a"])");
  expect_none_so_far();
}

TEST_F(Revoked, not_when_it_is_touched_and_not_even_looked_at) {
  auto const before = looks(redis);
  for (int i = 0; i < 100; ++i) redis.command({"EXPIRE", "sess:abc", "1000"});
  redis.command({"PERSIST", "sess:abc"});
  loop.run_for(100ms);
  EXPECT_LE(looks(redis), before + 2);  // what was under way: the first looks of the watch
  expect_none_so_far();
}

TEST_F(Revoked, not_when_it_is_another_key) {
  store(redis, "abcd", "7");
  redis.command({"DEL", "sess:abcd"});
  redis.command({"DEL", "sess:ab"});
  expect_none_so_far();
}

TEST_F(Revoked, by_a_message_with_the_key) {
  redis.command({"PUBLISH", "pushlab:revoked", "sess:abc"});
  expect_pushed("sess:abc");
}

TEST_F(Revoked, by_a_message_with_the_id) {
  redis.command({"PUBLISH", "pushlab:revoked", "abc"});
  expect_pushed("sess:abc");
}

TEST_F(Revoked, not_by_a_message_that_names_another) {
  for (auto const* other : {"", "ab", "apikey:abc", "sess:", "SESS:ABC"})
    redis.command({"PUBLISH", "pushlab:revoked", other});
  redis.command({"PUBLISH", "pushlab:revoke", "abc"});
  expect_none_so_far();
}

TEST_F(Revoked, as_an_api_key_too) {
  redis.command({"SET", "apikey:k", R"({"user":"robot"})"});
  redis.command({"SET", "apikey:l", R"({"user":"robot"})"});
  for (auto const* id : {"k", "l"}) {
    auto const verdict = loop.identify({Credential::Kind::api_key, id});
    loop.authenticator->watch(std::get<Identity>(verdict).session);
  }
  loop.run_until([&] { return hears(redis, "apikey:k") && hears(redis, "apikey:l"); }, "both");
  redis.command({"SET", "apikey:k", R"({"user":"robot","roles":"more"})"});
  redis.command({"DEL", "apikey:k"});
  expect_pushed("apikey:k");
  redis.command({"PUBLISH", "pushlab:revoked", "l"});
  EXPECT_EQ(loop.revocation(2).session, "apikey:l");
}

TEST_F(Revoked, no_more_when_nobody_watches) {
  loop.authenticator->watch("sess:abc");
  loop.authenticator->unwatch("sess:abc");
  loop.run_for(50ms);
  EXPECT_TRUE(hears(redis, "sess:abc"));
  loop.authenticator->unwatch("sess:abc");
  loop.run_until([&] { return !hears(redis, "sess:abc"); }, "the channel is left");
  redis.command({"DEL", "sess:abc"});
  expect_none_so_far();
}

TEST_F(Revoked, again_when_it_comes_again) {
  redis.command({"DEL", "sess:abc"});
  expect_pushed("sess:abc");
  store(redis, "abc", "9");
  watch("abc");
  loop.authenticator->unwatch("sess:abc");  // by who was told
  loop.run_for(50ms);
  EXPECT_TRUE(hears(redis, "sess:abc"));
  redis.command({"DEL", "sess:abc"});
  EXPECT_EQ(loop.revocation(2).session, "sess:abc");
}

TEST_F(Revoked, when_it_ended_between_the_look_and_the_watching) {
  store(redis, "gap", "7");
  ASSERT_EQ(loop.user_of_session("gap"), "7");
  redis.command({"DEL", "sess:gap"});
  loop.authenticator->watch("sess:gap");
  auto const revocation = loop.revocation();
  EXPECT_EQ(revocation.session, "sess:gap");
  EXPECT_EQ(revocation.source, RevocationSource::rechecked);
}

TEST_F(Revoked, when_another_user_came_between_the_look_and_the_watching) {
  store(redis, "gap", "7");
  ASSERT_EQ(loop.user_of_session("gap"), "7");
  store(redis, "gap", "8");
  loop.authenticator->watch("sess:gap");
  EXPECT_EQ(loop.revocation().session, "sess:gap");
}

TEST(Revoked5000, are_all_told_at_once) {
  RedisProcess redis;
  auto options = redis_auth(redis.address());
  options.redis.recheck_s = 86'400;  // so that no look is quicker than a push
  AuthLoop loop{options};
  store(redis, "first", "7");
  loop.watch_session("first");
  loop.run_until([&] { return hears(redis, "sess:first"); }, "Redis tells of a session");
  constexpr int count = 5000;
  std::vector<std::string> set{"MSET"}, del{"DEL"};
  std::set<std::string> keys;
  for (int i = 0; i < count; ++i) {
    auto const key = "sess:" + std::to_string(i);
    keys.insert(key);
    set.insert(set.end(), {key, session_json("7")});
    del.push_back(key);
  }
  redis.command(set);
  auto const before = looks(redis);
  for (auto const& key : keys) {
    loop.authenticator->identify({Credential::Kind::session, key.substr(5)},
                                 [&, key](AuthVerdict const& verdict) {
                                   if (status(verdict) == 200) loop.authenticator->watch(key);
                                 });
  }
  loop.run_until([&] { return looks(redis) >= before + 2 * count; },
                 "all are let in, and looked at when Redis tells of them");
  redis.command(del);
  loop.revocation(count);
  for (auto const& revocation : loop.revocations) {
    EXPECT_EQ(keys.erase(revocation.session), 1U);
    EXPECT_EQ(revocation.source, RevocationSource::pushed);
  }
  EXPECT_TRUE(keys.empty());
  EXPECT_TRUE(hears(redis, "sess:first"));
}

TEST(Rechecked, each_second_when_redis_tells_no_keyspace_events) {
  RedisProcess redis{""};
  store(redis, "abc", "7");
  store(redis, "def", "7");
  AuthLoop loop{rechecked_each_second(redis)};
  loop.watch_session("abc");
  loop.watch_session("def");
  loop.run_for(1500ms);
  EXPECT_TRUE(loop.revocations.empty());
  redis.command({"DEL", "sess:abc"});
  auto const revocation = loop.revocation();
  EXPECT_EQ(revocation.session, "sess:abc");
  EXPECT_EQ(revocation.source, RevocationSource::rechecked);
  EXPECT_LT(revocation.delay_ns, 3'000'000'000U);
  redis.command({"PUBLISH", "pushlab:revoked", "def"});
  EXPECT_EQ(loop.revocation(2).source, RevocationSource::pushed);
}

// What Redis lets this user do decides how a session's end is learnt.
struct RevokedBy : testing::Test {
  RedisProcess redis;
  AuthOptions options = rechecked_each_second(redis);

  void sign_on(std::vector<std::string> const& rights) {
    std::vector<std::string> words{"ACL", "SETUSER", "u", "on", ">p", "~*", "resetchannels"};
    words.insert(words.end(), rights.begin(), rights.end());
    redis.command(words);
    options.redis.username = "u";
    options.redis.password = "p";
    for (auto const* id : {"a", "b"}) store(redis, id, "7");
  }
  void expect_revoked(AuthLoop& loop, RevocationSource by_key, RevocationSource by_message) {
    loop.watch_session("a");
    loop.watch_session("b");
    loop.run_for(700ms);  // a refused channel costs a connection or two
    redis.command({"DEL", "sess:a"});
    EXPECT_EQ(loop.revocation().source, by_key);
    redis.command({"PUBLISH", "pushlab:revoked", "b"});
    if (by_message == RevocationSource::rechecked) redis.command({"DEL", "sess:b"});
    EXPECT_EQ(loop.revocation(2).source, by_message);
  }
};

TEST_F(RevokedBy, keys_and_messages_where_all_is_allowed) {
  sign_on({"+@all", "allchannels"});
  AuthLoop loop{options};
  expect_revoked(loop, RevocationSource::pushed, RevocationSource::pushed);
}

TEST_F(RevokedBy, messages_where_the_configuration_is_secret) {
  sign_on({"+@all", "-config", "allchannels"});
  AuthLoop loop{options};
  expect_revoked(loop, RevocationSource::rechecked, RevocationSource::pushed);
}

TEST_F(RevokedBy, messages_where_the_channels_of_keys_are_not_allowed) {
  sign_on({"+@all", "&pushlab:revoked"});
  AuthLoop loop{options};
  expect_revoked(loop, RevocationSource::rechecked, RevocationSource::pushed);
}

TEST_F(RevokedBy, looks_alone_where_no_channel_is_allowed) {
  sign_on({"+@all"});
  AuthLoop loop{options};
  expect_revoked(loop, RevocationSource::rechecked, RevocationSource::rechecked);
  EXPECT_TRUE(loop.authenticator->is_available());
}

TEST(RedisDown, revokes_nobody_and_lets_all_be_checked_on_return) {
  RedisProcess redis;
  store(redis, "kept", "7");
  store(redis, "lost", "7");
  AuthLoop loop{rechecked_each_second(redis)};
  loop.watch_session("kept");
  loop.watch_session("lost");
  redis.kill();
  loop.run_for(1500ms);
  EXPECT_TRUE(loop.revocations.empty());
  redis.restart();
  store(redis, "kept", "7");
  auto const revocation = loop.revocation();
  EXPECT_EQ(revocation.session, "sess:lost");
  EXPECT_EQ(revocation.source, RevocationSource::rechecked);
  EXPECT_GT(revocation.delay_ns, 1'000'000'000U);
  loop.run_until([&] { return hears(redis, "sess:kept"); }, "Redis tells of the other again");
  redis.command({"DEL", "sess:kept"});
  EXPECT_EQ(loop.revocation(2).source, RevocationSource::pushed);
}

TEST(RedisDown, for_a_moment_hides_nothing_though_it_is_long_until_the_next_turn) {
  RedisProcess redis;
  store(redis, "abc", "7");
  AuthLoop loop{redis};
  loop.watch_session("abc");
  loop.run_until([&] { return hears(redis, "sess:abc"); }, "Redis tells of the session");
  redis.command({"CLIENT", "KILL", "TYPE", "pubsub"});
  redis.command({"DEL", "sess:abc"});
  EXPECT_EQ(loop.revocation().source, RevocationSource::rechecked);
}

TEST(RedisDown, for_a_moment_hides_nothing_where_redis_tells_no_keyspace_events) {
  RedisProcess redis{""};
  store(redis, "abc", "7");
  AuthLoop loop{redis};
  loop.watch_session("abc");
  loop.run_for(100ms);
  redis.command({"CLIENT", "KILL", "TYPE", "normal"});
  redis.command({"DEL", "sess:abc"});
  EXPECT_EQ(loop.revocation().source, RevocationSource::rechecked);
}

TEST(RedisFrozen, revokes_nobody) {
  RedisProcess redis;
  store(redis, "abc", "7");
  auto options = rechecked_each_second(redis);
  options.redis.timeout_ms = 200;
  AuthLoop loop{options};
  loop.watch_session("abc");
  loop.run_until([&] { return hears(redis, "sess:abc"); }, "Redis tells of the session");
  redis.freeze();
  loop.run_until([&] { return !loop.authenticator->is_available(); }, "a look takes too long");
  loop.run_for(500ms);
  redis.thaw();
  loop.run_until([&] { return loop.authenticator->is_available(); }, "Redis is found again");
  EXPECT_TRUE(loop.revocations.empty());
  redis.command({"DEL", "sess:abc"});
  EXPECT_EQ(loop.revocation().session, "sess:abc");
}

}  // namespace
}  // namespace pushlab::test

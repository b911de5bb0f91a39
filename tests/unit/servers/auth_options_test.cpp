#include <gtest/gtest.h>

#include "servers/auth/make_authenticator.hpp"
#include "servers/auth/redis_address.hpp"

namespace pushlab::server {
namespace {

AuthOptions redis_options() {
  AuthOptions options;
  options.kind = AuthOptions::Kind::redis;
  return options;
}

// What is wrong when one of the defaults is changed.
template <typename Change>
std::string fault(Change change) {
  auto options = redis_options();
  change(options.redis);
  return fault_in(options).value_or("none");
}

TEST(AuthOptions, are_fine_as_they_come) {
  EXPECT_FALSE(fault_in({}));
  EXPECT_FALSE(fault_in(redis_options()));
}

TEST(AuthOptions, need_keys_that_belong_to_somebody) {
  AuthOptions options;
  options.kind = AuthOptions::Kind::static_keys;
  EXPECT_TRUE(fault_in(options));
  options.keys = {{"k", "7", {}}};
  EXPECT_FALSE(fault_in(options));
  options.keys = {{"", "7", {}}};
  EXPECT_TRUE(fault_in(options));
  options.keys = {{"k", "", {}}};
  EXPECT_TRUE(fault_in(options));
  options.keys = {{std::string(513, 'k'), "7", {}}};
  EXPECT_TRUE(fault_in(options));
}

TEST(AuthOptions, need_patterns_with_a_place_for_the_id) {
  EXPECT_EQ(fault([](auto& r) { r.session_key = "sess:"; }),
            "[auth.redis] session_key = \"sess:\" has no {id} in it.");
  EXPECT_NE(fault([](auto& r) { r.api_key = "apikey"; }), "none");
  EXPECT_NE(fault([](auto& r) { r.ticket_key = ""; }), "none");
}

TEST(AuthOptions, need_patterns_of_which_none_can_name_what_another_does) {
  EXPECT_EQ(fault([](auto& r) { r.api_key = "sess:key:{id}"; }),
            "[auth.redis] api_key and session_key begin alike: what is before {id} has to differ.");
  EXPECT_NE(fault([](auto& r) { r.ticket_key = "sess:{id}:ticket"; }), "none");
  EXPECT_NE(fault([](auto& r) { r.session_key = "{id}"; }), "none");
  EXPECT_EQ(fault([](auto& r) { r.session_key = "app:sess:{id}"; }), "none");
}

TEST(AuthOptions, need_json_pointers) {
  EXPECT_EQ(fault([](auto& r) { r.session_user = "user.id"; }),
            "[auth.redis] \"user.id\" is no JSON pointer: write \"/user/id\".");
  EXPECT_NE(fault([](auto& r) { r.api_key_roles = "/a~2"; }), "none");
  EXPECT_EQ(fault([](auto& r) { r.session_roles = ""; }), "none");
}

TEST(AuthOptions, need_an_address_and_times) {
  EXPECT_NE(fault([](auto& r) { r.address = "localhost"; }), "none");
  EXPECT_NE(fault([](auto& r) { r.timeout_ms = 0; }), "none");
  EXPECT_NE(fault([](auto& r) { r.recheck_s = 0; }), "none");
  EXPECT_NE(fault([](auto& r) { r.revocation_channel = ""; }), "none");
}

TEST(RedisAddress, is_a_host_and_a_port_or_a_path) {
  EXPECT_EQ(parse_redis_address("redis.example:6379")->host, "redis.example");
  EXPECT_EQ(parse_redis_address("127.0.0.1:1")->port, 1);
  EXPECT_EQ(parse_redis_address("[::1]:65535")->host, "::1");
  EXPECT_EQ(parse_redis_address("/run/redis.sock")->path, "/run/redis.sock");
  for (auto const* bad : {"", ":6379", "host", "host:", "host:0", "host:65536", "host:63a", "::1",
                          "::1:6379", "host:-1", "[]:1", "run/redis.sock"})
    EXPECT_FALSE(parse_redis_address(bad)) << bad;
}

}  // namespace
}  // namespace pushlab::server

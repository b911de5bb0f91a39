#include "servers/auth/session_value.hpp"

#include <gtest/gtest.h>

namespace pushlab::server {
namespace {

using Roles = std::vector<std::string>;

Identity identity(std::string const& json) {
  auto const verdict = identity_in(json, {"/user/id", "/user/roles"});
  if (auto const* found = std::get_if<Identity>(&verdict)) return *found;
  ADD_FAILURE() << json << ": " << std::get<AuthRefusal>(verdict).detail;
  return {};
}

TEST(SessionValue, names_the_user_by_text_or_number) {
  EXPECT_EQ(identity(R"({"cookie":{},"user":{"id":"u7"}})").user, "u7");
  EXPECT_EQ(identity(R"({"user":{"id":7}})").user, "7");
  EXPECT_EQ(identity(R"({"user":{"id":-7}})").user, "-7");
  EXPECT_EQ(identity(R"({"user":{"id":18446744073709551615}})").user, "18446744073709551615");
  EXPECT_EQ(identity(R"({"user":{"id":7.0}})").user, "7");
  EXPECT_EQ(identity(R"({"user":{"id":"ä\u0000\n"}})").user, (std::string{"ä\0\n", 4}));
}

TEST(SessionValue, has_roles_sorted_and_each_once) {
  EXPECT_EQ(identity(R"({"user":{"id":1,"roles":["b","a","b"]}})").roles, (Roles{"a", "b"}));
  EXPECT_EQ(identity(R"({"user":{"id":1,"roles":"admin"}})").roles, Roles{"admin"});
  EXPECT_EQ(identity(R"({"user":{"id":1,"roles":[1,"a",null]}})").roles, Roles{"a"});
  EXPECT_EQ(identity(R"({"user":{"id":1,"roles":7}})").roles, Roles{});
  EXPECT_EQ(identity(R"({"user":{"id":1}})").roles, Roles{});
}

TEST(SessionValue, without_a_user_lets_nobody_in) {
  for (auto const* json :
       {R"({})", R"({"user":7})", R"({"user":{"id":""}})", R"({"user":{"id":null}})",
        R"({"user":{"id":true}})", R"({"user":{"id":{}}})", R"({"user":{"id":7.5}})",
        R"({"user":{"id":1e300}})", R"([])", "7", "null"}) {
    auto const verdict = identity_in(json, {"/user/id", "/user/roles"});
    ASSERT_TRUE(std::holds_alternative<AuthRefusal>(verdict)) << json;
    EXPECT_EQ(std::get<AuthRefusal>(verdict).status, 401);
  }
}

TEST(SessionValue, that_is_not_json_lets_nobody_in) {
  for (auto const* text : {"", "{", "{} {}", "\xff", "user=7"}) {
    auto const verdict = identity_in(text, {"/user/id", ""});
    ASSERT_TRUE(std::holds_alternative<AuthRefusal>(verdict)) << text;
    EXPECT_EQ(std::get<AuthRefusal>(verdict).detail,
              "What is stored for this credential is not JSON.");
  }
  EXPECT_TRUE(std::holds_alternative<AuthRefusal>(
      identity_in(std::string(100'000, '['), {"/user/id", ""})));
}

TEST(SessionValue, is_read_by_pointers) {
  auto const verdict = identity_in(R"({"a/b":[{"~":"x"}]})", {"/a~1b/0/~0", "/a~1b/0/~0"});
  ASSERT_TRUE(std::holds_alternative<Identity>(verdict));
  EXPECT_EQ(std::get<Identity>(verdict).user, "x");
  EXPECT_EQ(std::get<Identity>(verdict).roles, Roles{"x"});
}

}  // namespace
}  // namespace pushlab::server

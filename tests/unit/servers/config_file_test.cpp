#include "servers/server/config_file.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdio>
#include <fstream>

namespace pushlab::server {
namespace {

std::string const path = testing::TempDir() + "config-" + std::to_string(::getpid()) + ".toml";

ServerOptions read(std::string const& text) {
  std::ofstream{path} << text;
  ServerOptions options;
  read_config_file(path, all_options(options), options);
  finish_rules(options);
  std::remove(path.c_str());
  return options;
}

// Without the file's name, which is checked.
std::string error_of(std::string const& text) {
  try {
    read(text);
  } catch (UsageError const& error) {
    EXPECT_TRUE(error.sentence.starts_with(path + ":")) << error.sentence;
    return error.sentence.substr(path.size());
  }
  return "no error";
}

TEST(ConfigFile, has_everything_that_the_documentation_names) {
  auto const options = read(R"(
account_event = "account"
leave_out_origin = true
payload = "refresh"
overflow = "conflate"
log_level = "debug"
max_connections_per_user = 3
cors_origins = ["https://app.example", "http://localhost:3000"]
[auth]
kind = "redis"
cookie = "sid"
cookie_secret = "s3cret"
ticket_s = 10
[auth.redis]
address = "/run/redis.sock"
db = 2
session_key = "s:{id}"
session_user = ""
recheck_s = 5
[allow]
news = "public"
"audit.*" = ["admin", "auditor"]
)");
  EXPECT_EQ(options.account_event, "account");
  EXPECT_TRUE(options.leave_out_origin);
  EXPECT_TRUE(options.refresh);
  EXPECT_TRUE(options.log_ends);
  EXPECT_EQ(options.overflow, Overflow::conflate);
  EXPECT_EQ(options.max_connections_per_user, 3U);
  EXPECT_EQ(options.cors_origins.size(), 2U);
  EXPECT_EQ(options.auth.kind, AuthOptions::Kind::redis);
  EXPECT_EQ(options.auth.cookie_secret, "s3cret");
  EXPECT_EQ(options.auth.redis.address, "/run/redis.sock");
  EXPECT_EQ(options.auth.redis.session_user, "");
  EXPECT_EQ(options.auth.redis.api_key, "apikey:{id}");
  EXPECT_TRUE(options.rules.allows({}, "news"));
  EXPECT_TRUE(options.rules.allows({true, {"admin"}}, "audit.login"));
  EXPECT_FALSE(options.rules.allows({true, {"staff"}}, "audit.login"));
}

TEST(ConfigFile, without_authentication_everything_is_public) {
  EXPECT_TRUE(read("").rules.allows({}, "user"));
}

TEST(ConfigFile, the_account_event_is_nobodys_without_a_rule_of_its_own) {
  std::string const auth = "[auth]\nkind = \"redis\"\n";
  auto const closed = read(auth + "[allow]\n\"*\" = \"public\"\n");
  EXPECT_TRUE(closed.rules.allows({}, "orders"));
  EXPECT_FALSE(closed.rules.allows({true, {"admin"}}, "user"));
  auto const granted = read(auth + "[allow]\nuser = [\"admin\"]\n");
  EXPECT_TRUE(granted.rules.allows({true, {"admin"}}, "user"));
  EXPECT_FALSE(granted.rules.allows({true, {}}, "user"));
}

TEST(ConfigFile, static_keys_have_a_user_and_sorted_roles) {
  auto const keys = read(
                        "[auth]\nkind = \"static\"\n[[auth.keys]]\nkey = \"k\"\nuser = \"7\"\n"
                        "roles = [\"b\", \"a\", \"b\"]\n")
                        .auth.keys;
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_EQ(keys[0].roles, (std::vector<std::string>{"a", "b"}));
}

TEST(ConfigFile, a_mistake_is_one_sentence_with_file_and_line) {
  EXPECT_EQ(error_of("\n[auth]\nkynd = \"redis\"\n"),
            ":3: there is no option \"auth.kynd\"; see servers/README.md.");
  EXPECT_EQ(error_of("[auth]\nkind = \"ldap\"\n"),
            ":2: auth.kind must be none, static or redis; it is \"ldap\".");
  EXPECT_EQ(error_of("[auth]\nkind = \"redis\"\n[auth.redis]\nsession_key = \"sess\"\n"),
            ":1: [auth.redis] session_key = \"sess\" has no {id} in it.");
  EXPECT_EQ(error_of("[auth]\nkind = \"redis\"\n[auth.redis]\nrecheck_s = 0\n"),
            ":4: auth.redis.recheck_s must lie between 1 and 86400; it is 0.");
  EXPECT_EQ(error_of("[auth]\nkind = \"static\"\n"),
            ":1: [auth] kind = \"static\" needs [[auth.keys]]: give at least one.");
  EXPECT_EQ(error_of("[auth]\nkind = \"static\"\n[[auth.keys]]\nkey = \"k\"\n"),
            ":1: [[auth.keys]] needs a `key` and a `user`: one of them is empty.");
  EXPECT_EQ(error_of("[auth]\nkind = \"static\"\n[[auth.keys]]\nkay = \"k\"\n"),
            ":4: there is no option \"auth.keys.kay\"; see servers/README.md.");
  EXPECT_EQ(error_of("[auth]\nkind = \"redis\"\n[allow]\nnews = \"everyone\"\n"),
            ":4: allow.news must be \"public\", \"authenticated\" or a list of roles.");
  EXPECT_EQ(error_of("[auth]\nkind = \"redis\"\n[allow]\n\"a*b\" = \"public\"\n"),
            ":4: allow.a*b may have its * only at the end.");
  EXPECT_EQ(error_of("[allow]\nnews = \"public\"\n"),
            ":1: allow has no effect without [auth]: nobody is asked who he is.");
  EXPECT_EQ(error_of("cors_origins = [\"https://a.example\", \"*\"]\n"),
            ":1: cors_origins must hold origins such as \"https://app.example\", or \"*\" alone; "
            "\"*\" is none.");
  EXPECT_EQ(error_of("cors_origins = [\"https://a.example/\"]\n"),
            ":1: cors_origins must hold origins such as \"https://app.example\", or \"*\" alone; "
            "\"https://a.example/\" is none.");
  EXPECT_EQ(error_of("overflow = \"drop\"\n"),
            ":1: overflow must be disconnect or conflate; it is \"drop\".");
  EXPECT_EQ(error_of("auth = 3\n"), ":1: auth must be a table.");
}

}  // namespace
}  // namespace pushlab::server

#include "driver/target.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "driver/input_error.hpp"
#include "driver/program_path.hpp"

namespace pushlab::driver {
namespace {

constexpr char const* nchan = R"(
title = "nchan"
strategy = "long-poll"
third_party = true
version = ["nginx", "-v"]

[start]
command = ["nginx", "-c", "{dir}/nginx.conf"]
requires = [{ file = "/nowhere/module.so", install = "apt-get install it" }]
files = [{ path = "nginx.conf", text = "http { listen {client_port}; }" }]
ready = { tcp = "127.0.0.1:{client_port}" }

[client]
url = "{client}/sub/{events}"
cursor = "etag"
wait_s = 20
headers = { Authorization = "Bearer x" }

[ingest]
url = "{ingest}/pub/{name}"
)";

std::string message_of(std::string const& text) {
  try {
    parse_target(text, "targets/x.toml");
  } catch (InputError const& error) {
    return error.what();
  }
  return "no error";
}

TEST(Target, reads_everything_a_third_party_server_needs) {
  auto const target = parse_target(nchan, "targets/nchan.toml");
  EXPECT_EQ(target.id, "nchan");
  EXPECT_TRUE(target.third_party);
  ASSERT_TRUE(target.start);
  EXPECT_EQ(target.start->ready, Target::Ready::tcp);
  EXPECT_EQ(target.start->probe, "127.0.0.1:{client_port}");
  EXPECT_EQ(target.start->files.at(0).path, "nginx.conf");
  EXPECT_EQ(target.client.url, "{client}/sub/{events}");
  EXPECT_EQ(target.client.cursor, "etag");
  EXPECT_EQ(target.client.wait_s, 20.0);
  EXPECT_EQ(target.client.headers, (Pairs{{"Authorization", "Bearer x"}}));
  EXPECT_EQ(target.ingest.url, "{ingest}/pub/{name}");
  EXPECT_EQ(target.ingest.body, "{notification}");
}

TEST(Target, knows_the_urls_of_our_own_servers) {
  auto const target = parse_target("title = \"x\"\nstrategy = \"sse\"", "sse.toml");
  EXPECT_EQ(target.client.url, "{client}/events?events={events}");
  EXPECT_EQ(target.ingest.url, "{ingest}/notify");
  EXPECT_FALSE(target.start);
}

TEST(Target, says_why_it_is_not_installed_and_how_to_install_it) {
  EXPECT_EQ(why_not_installed(parse_target(nchan, "nchan.toml")),
            "/nowhere/module.so is not installed: apt-get install it");
}

TEST(Target, rejects_mistakes_with_file_line_and_mend) {
  EXPECT_EQ(message_of("title = \"x\"\nstrategy = \"see\""),
            "targets/x.toml:2: strategy is \"see\", which is unknown: did you mean \"sse\"?");
  EXPECT_EQ(message_of("title = \"x\"\nstrategy = \"sse\"\n[start]\ncomand = [\"a\"]"),
            "targets/x.toml:3: the key start.command is missing: give [\"program\", \"argument\", "
            "...]");
  EXPECT_EQ(message_of("title = \"x\"\nstrategy = \"sse\"\n[ingest]\nbody = \"x\""),
            "targets/x.toml:4: ingest.body does not carry the notification: put {notification} "
            "into it");
  EXPECT_EQ(message_of("title = \"x\"\nstrategy = \"sse\"\n[start]\ncommand = [\"a\"]\n"
                       "files = [{ path = \"../x\", text = \"\" }]"),
            "targets/x.toml:5: path is \"../x\": give a path below {dir}");
  EXPECT_EQ(message_of("title = \"x\"\nstrategy = \"sse\"\n[start]\ncommand = [\"a\"]\n"
                       "one_address = true"),
            "targets/x.toml:5: a ready line tells both addresses: leave one_address out");
}

constexpr char const* talker = R"(
title = "talker"
strategy = "websocket"
version = ["{here}/bin/talker", "version"]
[start]
command = ["{here}/bin/talker", "{dir}"]
requires = [{ file = "{here}/bin/talker", install = "build it" }]
[client]
url = "{client}/ws?{events}"
event = "topic={name}"
between = "&"
subprotocol = "v1"
hello = ["40"]
welcome = "40{"
replies = { 2 = "3" }
[ingest]
body = '{"content":"{notification_text}"}'
)";

TEST(Target, reads_how_a_websocket_client_talks) {
  auto const client = parse_target(talker, "targets/talker.toml").client;
  EXPECT_EQ(client.event, "topic={name}");
  EXPECT_EQ(client.between, "&");
  EXPECT_EQ(client.subprotocol, "v1");
  EXPECT_EQ(client.hello, (std::vector<std::string>{"40"}));
  EXPECT_EQ(client.welcome, "40{");
  EXPECT_EQ(client.replies, (Pairs{{"2", "3"}}));
}

TEST(Target, finds_what_lies_beside_its_file) {
  auto const target = parse_target(talker, "/srv/targets/talker.toml");
  EXPECT_EQ(target.start->command, (std::vector<std::string>{"/srv/targets/bin/talker", "{dir}"}));
  EXPECT_EQ(target.start->requirements.at(0).file, "/srv/targets/bin/talker");
  EXPECT_EQ(target.version_command.at(0), "/srv/targets/bin/talker");
}

TEST(Target, speaks_mqtt_at_both_ends_by_default) {
  auto const target = parse_target("title = \"x\"\nstrategy = \"mqtt\"", "x.toml");
  EXPECT_EQ(target.client.url, "{client}/mqtt");
  EXPECT_EQ(target.client.subprotocol, "mqtt");
  EXPECT_EQ(target.client.qos, 0U);
  EXPECT_EQ(target.ingest.protocol, "mqtt");
  EXPECT_EQ(target.ingest.url, "{ingest}");
  auto const by_http = parse_target(
      "title = \"x\"\nstrategy = \"mqtt\"\n[client]\nqos = 1\n[ingest]\nprotocol = \"http\"",
      "x.toml");
  EXPECT_EQ(by_http.client.qos, 1U);
  EXPECT_EQ(by_http.ingest.url, "{ingest}/notify");
}

TEST(Target, rejects_a_key_that_its_strategy_has_no_use_for) {
  std::string const sse = "title = \"x\"\nstrategy = \"sse\"\n";
  EXPECT_EQ(message_of(sse + "[client]\nqos = 1"),
            "targets/x.toml:4: client.qos does nothing for the strategy sse: remove it");
  EXPECT_EQ(message_of(sse + "[client]\nhello = [\"a\"]"),
            "targets/x.toml:4: client.hello does nothing for the strategy sse: remove it");
  EXPECT_EQ(message_of(sse + "[client]\nevent = \"topic\""),
            "targets/x.toml:4: client.event does not carry the name: put {name} into it");
  EXPECT_NE(message_of(sse + "[ingest]\nprotocol = \"mqtt\"\nmethod = \"PUT\""), "no error");
  EXPECT_NE(message_of("title = \"x\"\nstrategy = \"mqtt\"\n[client]\nqos = 2"), "no error");
}

TEST(Target, fills_placeholders_and_leaves_other_braces_alone) {
  EXPECT_EQ(expand("server { listen {port}; } {other}", {{"port", "80"}}),
            "server { listen 80; } {other}");
}

TEST(Target, every_file_that_ships_can_be_read) {
  auto const files = toml_files(std::filesystem::path(PUSHLAB_SCENARIOS_FOLDER) / "targets");
  EXPECT_GE(files.size(), 17U);
  for (auto const& file : files) EXPECT_NO_THROW(read_target(file)) << file;
}

TEST(FindTargetFile, suggests_the_nearest_id) {
  try {
    find_target_file("websoket", PUSHLAB_SCENARIOS_FOLDER);
    FAIL() << "no error";
  } catch (InputError const& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean websocket?"), std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace pushlab::driver

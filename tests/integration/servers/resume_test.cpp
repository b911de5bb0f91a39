// Who comes back gets exactly what was missed and may be seen today.
#include "tests/integration/servers/sessions.hpp"

namespace pushlab::test {
namespace {

TEST_P(EveryServer, a_noisy_name_does_not_push_a_quiet_one_out_of_the_history) {
  ServerProcess const server{GetParam().program, {"--history-name-events", "10"}};
  auto const start = listening(GetParam(), server, "quiet")->cursor();
  publish(server.ingest_port(), note("quiet", 1));
  for (int i = 0; i < 100; ++i) publish(server.ingest_port(), note("noisy", i));
  publish(server.ingest_port(), note("quiet", 2));

  auto const quiet = listening(GetParam(), server, "quiet", start);
  expect_event(*quiet, note("quiet", 1));
  expect_event(*quiet, note("quiet", 2));
  for (auto const* names : {"noisy", "quiet,noisy", "*"}) {
    auto const client = listening(GetParam(), server, names, start);
    EXPECT_EQ(client->next().event, "reset") << names;
    publish(server.ingest_port(), note("noisy", 100));
    expect_event(*client, note("noisy", 100));
  }
}

TEST_P(EveryServer, the_bytes_of_one_name_are_bounded_too) {
  ServerProcess const server{GetParam().program, {"--history-name-bytes", "20000"}};
  auto const start = listening(GetParam(), server, "a")->cursor();
  publish(server.ingest_port(), note("quiet", 1));
  for (int i = 0; i < 10; ++i) publish(server.ingest_port(), note("a", i, std::string(3000, 'x')));
  EXPECT_EQ(listening(GetParam(), server, "a", start)->next().event, "reset");
  expect_event(*listening(GetParam(), server, "quiet", start), note("quiet", 1));
}

TEST_P(EveryServer, another_users_noise_does_not_push_an_account_out_of_the_history) {
  auto const server = configured(
      GetParam(), "account_event = \"user\"\nhistory_name_events = 10\n" + people + rules);
  auto again = by_key("7");
  again.cursor = listening(GetParam(), server, "", by_key("7"))->cursor();
  publish(server.ingest_port(), account("7", "mine"));
  for (int i = 0; i < 100; ++i) publish(server.ingest_port(), account("8", "noise"));
  expect_event(*listening(GetParam(), server, "", again), account("7", "mine"));
  again.fields = by_key("8").fields;
  EXPECT_EQ(listening(GetParam(), server, "", again)->next().event, "reset");
}

TEST_P(EveryServer, a_history_that_is_full_in_all_still_tells_what_it_lost) {
  ServerProcess const server{GetParam().program, {"--history-events", "50"}};
  auto const start = listening(GetParam(), server, "n0")->cursor();
  for (int i = 0; i < 200; ++i) publish(server.ingest_port(), note("n" + std::to_string(i % 4), i));
  for (auto const* name : {"n0", "n1", "n2", "n3"})
    EXPECT_EQ(listening(GetParam(), server, name, start)->next().event, "reset") << name;
  expect_event(*listening(GetParam(), server, "n3", start.substr(0, start.find('-')) + "-199"),
               note("n3", 199));
}

TEST_P(EveryServer, a_right_that_was_withdrawn_meanwhile_is_gone_from_what_was_missed_too) {
  RedisProcess redis;
  auto const server = configured(GetParam(), sessions_in(redis) + rules);
  log_in(redis, "abc", "7", R"(["admin"])");
  auto first = listening(GetParam(), server, "*", by_cookie("abc"));
  publish(server.ingest_port(), note("audit.login", 1));
  expect_event(*first, note("audit.login", 1));
  auto again = by_cookie("abc");
  again.cursor = first->cursor();
  first.reset();
  log_in(redis, "abc", "7", R"(["staff"])");
  publish(server.ingest_port(), note("audit.login", 2));
  publish(server.ingest_port(), note("orders", 3));
  auto const second = listening(GetParam(), server, "*", again);
  expect_event(*second, note("orders", 3));
  publish(server.ingest_port(), note("audit.login", 4));
  publish(server.ingest_port(), note("orders", 5));
  expect_event(*second, note("orders", 5));
  expect_refusal(knock(GetParam(), server, "audit.login", again), 403);
}

TEST_P(EveryServer, another_user_does_not_get_with_a_cursor_what_is_not_theirs) {
  auto const server = configured(GetParam(), "account_event = \"user\"\n" + people + rules);
  auto stolen = by_key("8");
  stolen.cursor = listening(GetParam(), server, "*", by_key("root"))->cursor();
  publish(server.ingest_port(), note("audit.login", 1));
  publish(server.ingest_port(), account("\"root\"", "x"));
  publish(server.ingest_port(), note("orders", 1));
  expect_event(*listening(GetParam(), server, "*", stolen), note("orders", 1));
}

}  // namespace
}  // namespace pushlab::test

// The window that caused a change recognises its own echo, or is spared it.
#include "tests/integration/servers/guarded.hpp"

namespace pushlab::test {
namespace {

std::string caused_by(std::string const& connection, int id) {
  return R"({"name":"a","type":"update","id":)" + std::to_string(id) + R"(,"origin":")" +
         connection + "\"}";
}

TEST_P(EveryServer, an_origin_comes_back_as_it_was_given) {
  ServerProcess const server{GetParam().program};
  auto const client = listening(GetParam(), server, "a");
  auto const other = listening(GetParam(), server, "a");
  ASSERT_GE(client->connection().size(), 16U);
  ASSERT_NE(client->connection(), other->connection());
  auto const change = caused_by(client->connection(), 1);
  publish(server.ingest_port(), change);
  expect_event(*client, change);
  expect_event(*other, change);
}

TEST_P(EveryServer, the_origin_is_left_out_when_that_is_wanted_and_the_others_are_not) {
  auto const server = configured(GetParam(), "leave_out_origin = true\n");
  auto const cause = listening(GetParam(), server, "a");
  auto const by_all = listening(GetParam(), server, "*");
  auto const other = listening(GetParam(), server, "a");
  auto const changes = {caused_by(cause->connection(), 1), caused_by(by_all->connection(), 2),
                        caused_by("nobody", 3), note("a", 4)};
  for (auto const& change : changes) publish(server.ingest_port(), change);
  for (auto const& change : changes) {
    if (change != *changes.begin()) expect_event(*cause, change);
    if (change != *(changes.begin() + 1)) expect_event(*by_all, change);
    expect_event(*other, change);
  }
}

TEST_P(EveryServer, a_change_of_the_account_is_left_out_for_its_origin_too) {
  auto const server = configured(
      GetParam(), "leave_out_origin = true\naccount_event = \"user\"\n" + people + rules);
  auto const cause = listening(GetParam(), server, "", by_key("7"));
  auto const other = listening(GetParam(), server, "", by_key("7"));
  auto const change =
      R"({"name":"user","type":"update","id":7,"origin":")" + cause->connection() + "\"}";
  publish(server.ingest_port(), change);
  publish(server.ingest_port(), account("7", "x"));
  expect_event(*cause, account("7", "x"));
  expect_event(*other, change);
  expect_event(*other, account("7", "x"));
}

struct EveryPoll : testing::TestWithParam<Target> {};
INSTANTIATE_TEST_SUITE_P(Servers, EveryPoll, testing::Values(long_poll, short_poll), name_of);

TEST_P(EveryPoll, a_client_that_repeats_its_id_is_the_same_connection_on_another_socket) {
  auto const server = configured(GetParam(), "leave_out_origin = true\n");
  auto first = listening(GetParam(), server, "a");
  auto const id = first->connection(), start = first->cursor();
  first.reset();
  publish(server.ingest_port(), caused_by(id, 1));
  publish(server.ingest_port(), note("a", 2));
  auto const same = listening(GetParam(), server, "a", Asking{{}, "&connection=" + id, start});
  expect_event(*same, note("a", 2));
  publish(server.ingest_port(), caused_by(id, 3));
  publish(server.ingest_port(), note("a", 4));
  expect_event(*same, note("a", 4));
  auto const other = listening(GetParam(), server, "a", start);
  expect_event(*other, caused_by(id, 1));
}

TEST_P(EveryPoll, only_a_first_answer_names_the_connection) {
  ServerProcess const server{GetParam().program};
  auto const first = get(server.client_port(), "/poll?events=a&wait=0");
  auto const body = boost::json::parse(first.body).as_object();
  ASSERT_TRUE(body.contains("connection")) << first.body;
  auto const next = std::string{body.at("next").as_string()};
  auto const second = get(server.client_port(), "/poll?events=a&wait=0&since=" + next);
  EXPECT_FALSE(boost::json::parse(second.body).as_object().contains("connection")) << second.body;
}

}  // namespace
}  // namespace pushlab::test

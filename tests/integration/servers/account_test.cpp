// A change of somebody's account reaches that user wherever they are connected, and nobody else.
#include "tests/integration/servers/guarded.hpp"

namespace pushlab::test {
namespace {

std::string const house = "account_event = \"user\"\n" + people + rules;

TEST_P(EveryServer, every_connection_of_a_user_hears_of_the_account_whatever_it_subscribed) {
  auto const server = configured(GetParam(), house);
  std::vector<std::unique_ptr<PushClient>> clients;
  for (auto const* names : {"", "orders", "*", "news,orders"})
    clients.push_back(listening(GetParam(), server, names, by_key("7")));
  auto const changes = {account("7", "a"), account("\"7\"", "b"), account("7", "c")};
  for (auto const& change : changes) publish(server.ingest_port(), change);
  for (auto const& client : clients)
    for (auto const& change : changes) expect_event(*client, change);
}

TEST_P(EveryServer, a_user_whose_id_is_a_word_hears_of_the_account) {
  auto const server = configured(GetParam(), house);
  auto const client = listening(GetParam(), server, "", by_key("root"));
  for (auto const* other : {"\"Root\"", "\"root2\"", "\"\"", "7"})
    publish(server.ingest_port(), account(other, "x"));
  publish(server.ingest_port(), account("\"root\"", "mine"));
  expect_event(*client, account("\"root\"", "mine"));
}

TEST_P(EveryServer, nobody_else_hears_of_an_account) {
  auto const server = configured(GetParam(), house);
  auto const other = listening(GetParam(), server, "*", by_key("8"));
  auto const anonymous = listening(GetParam(), server, "*");
  for (auto const* id : {"7", "\"7\"", "80", "\"08\"", "8.5"})
    publish(server.ingest_port(), account(id, "x"));
  publish(server.ingest_port(), note("news", 1));
  expect_event(*other, note("news", 1));
  expect_event(*anonymous, note("news", 1));
}

TEST_P(EveryServer, another_name_with_the_id_of_a_user_is_no_change_of_the_account) {
  auto const server = configured(GetParam(), house);
  auto const client = listening(GetParam(), server, "news", by_key("7"));
  publish(server.ingest_port(), note("orders", 7));
  publish(server.ingest_port(), note("news", 7));
  expect_event(*client, note("news", 7));
}

TEST_P(EveryServer, who_subscribed_the_accounts_name_by_right_gets_each_change_once) {
  auto const server = configured(GetParam(), house + "user = [\"admin\"]\n");
  auto const by_name = listening(GetParam(), server, "user,orders", by_key("root"));
  auto const by_all = listening(GetParam(), server, "*", by_key("root"));
  auto const changes = {account("\"root\"", "own"), account("7", "another's"),
                        account("\"root\"", "own again"), note("orders", 1)};
  for (auto const& change : changes) publish(server.ingest_port(), change);
  for (auto const& change : changes) {
    expect_event(*by_name, change);
    expect_event(*by_all, change);
  }
}

TEST_P(EveryServer, a_user_who_comes_back_gets_the_changes_of_the_account_that_were_missed) {
  auto const server = configured(GetParam(), house);
  auto const start = listening(GetParam(), server, "", by_key("7"))->cursor();
  for (auto const* what : {"a", "b"})
    for (auto const* id : {"7", "8"}) publish(server.ingest_port(), account(id, what));
  publish(server.ingest_port(), note("orders", 1));
  for (auto const* names : {"", "orders"}) {
    auto again = by_key("7");
    again.cursor = start;
    auto const client = listening(GetParam(), server, names, again);
    expect_event(*client, account("7", "a"));
    expect_event(*client, account("7", "b"));
    if (*names) {
      expect_event(*client, note("orders", 1));
      expect_event(*client, account("7", ""));
    }
    publish(server.ingest_port(), account("7", names));
    expect_event(*client, account("7", names));
  }
}

TEST_P(EveryServer, no_account_event_is_told_where_none_is_configured) {
  auto const server = configured(GetParam(), "account_event = \"\"\n" + people + rules);
  auto const client = listening(GetParam(), server, "news", by_key("7"));
  publish(server.ingest_port(), account("7", "x"));
  publish(server.ingest_port(), note("news", 1));
  expect_event(*client, note("news", 1));
}

}  // namespace
}  // namespace pushlab::test

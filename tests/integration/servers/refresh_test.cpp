// Refresh events: told without their data, which the page fetches; and how it sees a stale answer.
#include <chrono>

#include "tests/integration/servers/guarded.hpp"

namespace pushlab::test {
namespace {

namespace json = boost::json;

std::string const full =
    R"({"extra":{"data":1,"x":[1,{"data":2}]},"name":"a","data":{"name":"b","n":[1.50,"\u00e4"]},)"
    R"("type":"update", "id":7,"origin":null})";

TEST_P(EveryServer, a_refresh_event_has_every_member_but_its_data) {
  ServerProcess const server{GetParam().program, {"--payload", "refresh"}};
  auto client = listening(GetParam(), server, "a");
  auto const start = client->cursor();
  auto expected = json::parse(full);
  expected.as_object().erase("data");
  publish(server.ingest_port(), full);
  publish(server.ingest_port(), R"({"data":1,"name":"a","type":"delete","id":"x"})");
  publish(server.ingest_port(), R"({"name":"a","type":"create","id":8})");
  auto const check = [&] {
    EXPECT_EQ(json::parse(client->next().data), expected);
    expect_event(*client, R"({"name":"a","type":"delete","id":"x"})");
    expect_event(*client, R"({"name":"a","type":"create","id":8})");
  };
  check();
  client = listening(GetParam(), server, "a", start);
  check();
}

TEST_P(EveryServer, the_snapshot_has_the_data_and_its_cursor_twice) {
  ServerProcess const server{GetParam().program, {"--payload", "refresh"}};
  auto const client = listening(GetParam(), server, "a");
  publish(server.ingest_port(), full);
  auto const id = client->next().id;
  auto const answer = snapshot(server, "a");
  auto const body = json::parse(answer.body);
  EXPECT_EQ(body.at("state"), json::array{json::parse(full)});
  EXPECT_EQ(std::string{body.at("cursor").as_string()}, id);
  EXPECT_EQ(answer.field("etag"), '"' + id + '"');
}

std::uint64_t seq_of(std::string const& cursor) {
  return std::stoull(cursor.substr(cursor.find('-') + 1));
}

// A look within the delay may come late on a busy machine; then it proves nothing and is repeated.
TEST_P(EveryServer, a_snapshot_that_lags_behind_an_event_tells_so_by_its_cursor) {
  std::chrono::milliseconds const delay{300};
  ServerProcess const server{GetParam().program, {"--snapshot-delay-ms", "300"}};
  auto const client = listening(GetParam(), server, "a");
  auto const cursor_in = [](json::value const& body) {
    return seq_of(std::string{body.at("cursor").as_string()});
  };
  std::uint64_t event = 0;
  wait_until(
      [&] {
        auto const start = std::chrono::steady_clock::now();
        publish(server.ingest_port(), note("a", 1, std::to_string(event)));
        event = seq_of(client->next().id);
        auto const stale = json::parse(snapshot(server, "a").body);
        if (std::chrono::steady_clock::now() - start >= delay) return false;
        EXPECT_LT(cursor_in(stale), event);
        for (auto const& one : stale.at("state").as_array())
          EXPECT_NE(one, json::parse(note("a", 1, std::to_string(event - 1))));
        return true;
      },
      "a snapshot right after the event");
  wait_until([&] { return cursor_in(json::parse(snapshot(server, "a").body)) == event; },
             "the snapshot has the event");
  EXPECT_EQ(json::parse(snapshot(server, "a").body).at("state"),
            json::array{json::parse(note("a", 1, std::to_string(event - 1)))});
}

}  // namespace
}  // namespace pushlab::test

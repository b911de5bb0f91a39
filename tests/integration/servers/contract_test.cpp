#include <boost/json.hpp>

#include "tests/integration/servers/targets.hpp"

namespace pushlab::test {
namespace {

TEST_P(EveryStream, says_hello_with_connection_server_and_cursor) {
  ServerProcess const server{GetParam().program};
  auto const first = connect(GetParam(), server, "a"), second = connect(GetParam(), server, "a");
  auto const one = first->next(), two = second->next();
  EXPECT_EQ(one.event, "hello");
  EXPECT_TRUE(one.id.ends_with("-0")) << one.id;
  auto const data = boost::json::parse(one.data);
  EXPECT_EQ(std::string{data.at("server").as_string()}, GetParam().program);
  EXPECT_NE(data.at("connection"), boost::json::parse(two.data).at("connection"));
}

TEST_P(EveryServer, an_event_arrives_as_it_was_posted) {
  ServerProcess const server{GetParam().program};
  auto const client = listening(GetParam(), server, "a");
  auto const body = note("a", 7, "plab:3fa2:0000002a \\u00e4 ü");
  EXPECT_EQ(publish(server.ingest_port(), body), 1U);
  auto const message = client->next();
  EXPECT_EQ(message.event, "db");
  EXPECT_EQ(message.data, body);
  EXPECT_TRUE(message.id.ends_with("-1")) << message.id;
}

TEST_P(EveryServer, events_come_in_order_and_none_is_missing) {
  ServerProcess const server{GetParam().program};
  auto const client = listening(GetParam(), server, "a");
  for (int i = 0; i < 200; ++i) publish(server.ingest_port(), note("a", i));
  for (int i = 0; i < 200; ++i) expect_event(*client, note("a", i));
}

TEST_P(EveryServer, a_batch_arrives_in_order) {
  ServerProcess const server{GetParam().program};
  auto const client = listening(GetParam(), server, "a");
  std::string batch;
  for (int i = 0; i < 150; ++i) batch += note("a", i) + "\n";
  auto const answer =
      post(server.ingest_port(), "/notify", batch, "Content-Type: application/x-ndjson\r\n");
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.body, "{\"seq\":150}\n");
  for (int i = 0; i < 150; ++i) expect_event(*client, note("a", i));
}

TEST_P(EveryServer, only_subscribed_names_arrive) {
  ServerProcess const server{GetParam().program};
  auto const two_names = listening(GetParam(), server, "a,b");
  auto const repeated = listening(GetParam(), server, "b&events=c%20d");
  auto const everything = listening(GetParam(), server, "*");
  for (auto const* name : {"c d", "a", "x", "b"}) publish(server.ingest_port(), note(name, 1));
  expect_event(*two_names, note("a", 1));
  expect_event(*two_names, note("b", 1));
  expect_event(*repeated, note("c d", 1));
  expect_event(*repeated, note("b", 1));
  for (auto const* name : {"c d", "a", "x", "b"}) expect_event(*everything, note(name, 1));
}

TEST_P(EveryServer, resumes_with_exactly_what_was_missed_and_goes_on_live) {
  ServerProcess const server{GetParam().program};
  auto first = listening(GetParam(), server, "a");
  publish(server.ingest_port(), note("a", 1));
  auto const cursor = first->next().id;
  first.reset();
  publish(server.ingest_port(), note("a", 2));
  publish(server.ingest_port(), note("other", 3));
  publish(server.ingest_port(), note("a", 4));
  auto const second = listening(GetParam(), server, "a", cursor);
  expect_event(*second, note("a", 2));
  expect_event(*second, note("a", 4));
  publish(server.ingest_port(), note("a", 5));
  expect_event(*second, note("a", 5));
  EXPECT_EQ(metric(server.ingest_port(), "pushlab_resets_total"), 0U);
  auto const replayed = metric(server.ingest_port(), "pushlab_replayed_events_total");
  EXPECT_TRUE(replayed == 2 || !GetParam().is_stream()) << replayed;
}

TEST_P(EveryServer, resets_a_cursor_that_it_cannot_go_on_from) {
  ServerProcess const server{GetParam().program, {"--history-events", "3"}};
  auto const before = listening(GetParam(), server, "a");
  publish(server.ingest_port(), note("a", 0));
  auto const evicted = before->next().id;
  for (int i = 1; i <= 4; ++i) publish(server.ingest_port(), note("a", i));
  auto const epoch = evicted.substr(0, evicted.find('-'));
  std::uint64_t seq = 5, resets = 0;
  for (auto const& cursor : {evicted, stopped_epoch(evicted), epoch + "-99", epoch + "-05", epoch,
                             std::string{"nonsense"}}) {
    auto const client = listening(GetParam(), server, "a", cursor);
    auto const reset = client->next();
    ASSERT_EQ(reset.event, "reset") << cursor;
    EXPECT_EQ(reset.id, epoch + "-" + std::to_string(seq)) << cursor;
    publish(server.ingest_port(), note("b", 1));
    seq = publish(server.ingest_port(), note("a", 9));
    expect_event(*client, note("a", 9));
    EXPECT_EQ(metric(server.ingest_port(), "pushlab_resets_total"), ++resets);
  }
}

TEST_P(EveryServer, the_snapshot_has_the_state_and_a_cursor_to_go_on_from) {
  ServerProcess const server{GetParam().program};
  publish(server.ingest_port(), note("a", 1, "old"));
  publish(server.ingest_port(), note("b", 1));
  publish(server.ingest_port(), note("a", 1, "new"));
  auto const answer = get(server.client_port(), "/snapshot?events=a");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.field("cache-control"), "no-store");
  auto const snapshot = boost::json::parse(answer.body);
  ASSERT_EQ(snapshot.at("state").as_array().size(), 1U);
  EXPECT_EQ(snapshot.at("state").at(0), boost::json::parse(note("a", 1, "new")));
  publish(server.ingest_port(), note("a", 2));
  auto const client =
      listening(GetParam(), server, "a", std::string{snapshot.at("cursor").as_string()});
  expect_event(*client, note("a", 2));
}

TEST_P(EveryServer, other_paths_and_methods_get_a_problem_document) {
  ServerProcess const server{GetParam().program};
  auto const port = server.client_port();
  auto const missing = get(port, "/elsewhere");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.field("content-type"), "application/problem+json");
  EXPECT_EQ(boost::json::parse(missing.body).at("status"), 404);
  auto const wrong = post(port, "/snapshot", "x");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.field("allow"), "GET, HEAD, OPTIONS");
  auto const head = ask(port, "HEAD /snapshot HTTP/1.1\r\nHost: test\r\n\r\n", true);
  EXPECT_EQ(head.status, 200);
  EXPECT_GT(std::stoi(head.field("content-length")), 20);
  EXPECT_EQ(ask(port, "OPTIONS /snapshot HTTP/1.1\r\nHost: test\r\n\r\n").status, 204);
  std::string many = "/snapshot?events=a";
  for (int i = 0; i < 100; ++i) many += "," + std::to_string(i);
  EXPECT_EQ(get(port, many).status, 400);
}

TEST_P(EveryServer, bytes_that_are_no_http_are_refused_and_counted) {
  ServerProcess const server{GetParam().program};
  Wire wire{server.client_port()};
  wire.send("\x16\x03\x01 nonsense\r\n\r\n");
  EXPECT_EQ(read_answer(wire).status, 400);
  EXPECT_TRUE(wire.wait_for_end());
  wait_until(
      [&] {
        return metric(server.ingest_port(),
                      "pushlab_connections_ended_total{reason=\"bad_request\"}") == 1;
      },
      "the end is counted");
}

TEST_P(EveryServer, more_connections_than_allowed_are_told_so_closed_and_counted) {
  ServerProcess const server{GetParam().program, {"--max-connections", "1"}};
  auto const client = listening(GetParam(), server, "a");
  Wire refused{server.client_port()};
  auto const answer = read_answer(refused);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.field("content-type"), "application/problem+json");
  EXPECT_EQ(answer.field("retry-after"), "1");
  EXPECT_EQ(answer.field("connection"), "close");
  EXPECT_TRUE(refused.wait_for_end());
  EXPECT_EQ(metric(server.ingest_port(), "pushlab_connections_open"), 1U);
  EXPECT_EQ(metric(server.ingest_port(), "pushlab_connections_ended_total{reason=\"over_limit\"}"),
            1U);
  publish(server.ingest_port(), note("a", 1));
  expect_event(*client, note("a", 1));
}

}  // namespace
}  // namespace pushlab::test

#include <gtest/gtest.h>

#include "program.hpp"
#include "scripted_server.hpp"

namespace pushlab::driver {
namespace {

namespace json = boost::json;

std::string const stream_head =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

std::string text(json::object const& line, char const* member) {
  return line.at(member).as_string().c_str();
}

// The lines of one type: tests of our servers look past their hello.
std::vector<json::object> of_type(Finished const& tail, std::string const& type) {
  std::vector<json::object> lines;
  for (auto& line : tail.lines()) {
    if (line.contains("type") && text(line, "type") == type) lines.push_back(line);
  }
  return lines;
}

TEST(TailSse, prints_each_event_with_its_type_data_and_the_id_in_force) {
  ScriptedServer server({stream_head + "data: one\n\nid: 7\nevent: db\ndata: {\"a\" : 1}\ndata: "
                                       "two\n\ndata: three\n\n"});
  auto const tail = pushlab({"tail", server.url(), "--once"});
  EXPECT_EQ(tail.status.code, 0) << tail.err;
  EXPECT_EQ(tail.out,
            "{\"type\":\"message\",\"data\":\"one\",\"id\":\"\"}\n"
            "{\"type\":\"db\",\"data\":\"{\\\"a\\\" : 1}\\ntwo\",\"id\":\"7\"}\n"
            "{\"type\":\"message\",\"data\":\"three\",\"id\":\"7\"}\n");
}

TEST(TailSse, reconnects_after_the_retry_time_with_the_last_event_id) {
  ScriptedServer server({stream_head + "retry: 5\nid: 41\ndata: a\n\n",
                         stream_head + "id: 42\ndata: b\n\n", stream_head + "data: c\n\n"});
  auto const tail =
      pushlab({"tail", server.url(), "--count", "3", "--verbose", "--last-event-id", "40"});
  EXPECT_EQ(tail.status.code, 0) << tail.err;
  auto const& requests = server.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_NE(requests[0].find("Last-Event-ID: 40\r\n"), std::string::npos);
  EXPECT_NE(requests[1].find("Last-Event-ID: 41\r\n"), std::string::npos);
  EXPECT_NE(requests[2].find("Last-Event-ID: 42\r\n"), std::string::npos);
  auto const lines = tail.lines();
  ASSERT_EQ(lines.size(), 6U);
  EXPECT_EQ(lines[0].at("retry_ms").to_number<int>(), 5);
  EXPECT_EQ(lines[2].at("reconnect").to_number<int>(), 1);
  EXPECT_EQ(lines[4].at("reconnect").to_number<int>(), 2);
  EXPECT_EQ(text(lines[5], "id"), "42");
}

TEST(TailSse, sends_the_headers_it_was_given) {
  ScriptedServer server({stream_head});
  pushlab({"tail", server.url(), "--once", "-H", "Authorization: Bearer x", "-H", "X-A: 1"});
  auto const& request = server.requests().at(0);
  EXPECT_NE(request.find("Authorization: Bearer x\r\n"), std::string::npos);
  EXPECT_NE(request.find("X-A: 1\r\n"), std::string::npos);
  EXPECT_NE(request.find("Accept: text/event-stream\r\n"), std::string::npos);
}

TEST(TailSse, gives_up_where_an_event_source_would) {
  ScriptedServer server({"HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n"});
  auto const refused = pushlab({"tail", server.url()});
  EXPECT_EQ(refused.status.code, 1);
  EXPECT_NE(refused.err.find("status 503"), std::string::npos) << refused.err;

  ScriptedServer page({"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>"});
  auto const wrong = pushlab({"tail", page.url()});
  EXPECT_EQ(wrong.status.code, 1);
  EXPECT_NE(wrong.err.find("text/html"), std::string::npos) << wrong.err;

  ScriptedServer done({"HTTP/1.1 204 No Content\r\n\r\n"});
  EXPECT_EQ(pushlab({"tail", done.url()}).status.code, 0);
}

TEST(TailSse, stops_after_its_time) {
  ScriptedServer server({stream_head + "data: a\n\n"});
  auto const tail = pushlab({"tail", server.url(), "--for", "0.3"});
  EXPECT_EQ(tail.status.code, 0) << tail.err;
  EXPECT_EQ(tail.lines().size(), 1U);
  auto const too_few = pushlab({"tail", server.url(), "--for", "0.1", "--count", "5"});
  EXPECT_EQ(too_few.status.code, 1);
}

TEST(TailSse, resumes_on_our_server_after_an_event) {
  Served server("sse");
  auto const url = server.client() + "/events?events=t0";
  Background first({"tail", url, "--count", "2"});
  ASSERT_TRUE(first.says("hello"));
  std::string const body = R"({"name":"t0","type":"update","id":1,"data":"\u00e9  x"})";
  ASSERT_EQ(server.publish(body), 202);
  auto const seen = of_type(first.finish(), "db");
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(text(seen[0], "data"), body);

  ASSERT_EQ(server.publish(R"({"name":"t0","type":"update","id":2})"), 202);
  auto const missed =
      of_type(pushlab({"tail", url, "--count", "2", "--last-event-id", text(seen[0], "id")}), "db");
  ASSERT_EQ(missed.size(), 1U);
  EXPECT_EQ(text(missed[0], "data"), R"({"name":"t0","type":"update","id":2})");
}

TEST(TailSse, shows_the_reset_after_a_stale_id) {
  Served server("sse");
  auto const tail = pushlab({"tail", server.client() + "/events?events=t0", "--for", "5", "--count",
                             "2", "--last-event-id", "0000-99"});
  EXPECT_EQ(of_type(tail, "reset").size(), 1U) << tail.out << tail.err;
}

TEST(TailWebSocket, prints_the_members_of_our_messages_as_received) {
  Served server("websocket");
  auto const url = "ws" + server.client().substr(4) + "/ws?events=t0";
  Background tail({"tail", url, "--count", "2"});
  ASSERT_TRUE(tail.says("hello"));
  std::string const body = R"({"name":"t0", "type":"update","id":1,"data":1.50})";
  ASSERT_EQ(server.publish(body), 202);
  auto const seen = of_type(tail.finish(), "db");
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(text(seen[0], "data"), body);
  EXPECT_FALSE(text(seen[0], "id").empty());
}

TEST(TailWebSocket, says_that_a_page_is_no_websocket) {
  ScriptedServer server({"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"});
  auto const tail = pushlab({"tail", server.url(), "--strategy", "websocket"});
  EXPECT_EQ(tail.status.code, 1);
  EXPECT_NE(tail.err.find("status 200 instead of 101"), std::string::npos) << tail.err;
}

// Polling starts "now", and nothing shows when that was: so events are posted until one arrives.
void follows_by_polling(std::string const& target, std::vector<std::string> const& more) {
  Served server(target);
  std::vector<std::string> arguments{
      "tail", server.client() + "/poll?events=t0", "--strategy", target, "--count", "3"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  Background tail(arguments);
  std::string const body = R"({"name":"t0", "type":"update","id":1})";
  for (int i = 0; i < 500 && !tail.ended(); ++i) EXPECT_EQ(server.publish(body), 202);
  auto const finished = tail.finish();
  EXPECT_EQ(finished.status.code, 0) << finished.err;
  auto const lines = finished.lines();
  ASSERT_EQ(lines.size(), 3U);
  for (auto const& line : lines) EXPECT_EQ(text(line, "data"), body);
  EXPECT_NE(text(lines[0], "id"), text(lines[1], "id"));  // a cursor, not the same again
  EXPECT_NE(text(lines[1], "id"), text(lines[2], "id"));
}

TEST(TailPoll, follows_our_long_polling) {
  follows_by_polling("long-poll", {});
}

TEST(TailPoll, follows_our_short_polling) {
  follows_by_polling("short-poll", {"--poll-interval", "0.02"});
}

TEST(TailPoll, carries_the_validators_of_a_server_without_cursor) {
  ScriptedServer server(
      {"HTTP/1.1 200 OK\r\nEtag: \"1\"\r\nLast-Modified: Sat, 21 Nov 2026 "
       "02:30:00 GMT\r\nContent-Length: 5\r\nConnection: close\r\n\r\nplain",
       "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nend"});
  auto const tail = pushlab({"tail", server.url(), "--strategy", "long-poll", "--count", "2"});
  EXPECT_EQ(tail.status.code, 0) << tail.err;
  EXPECT_EQ(text(tail.lines().at(0), "data"), "plain");
  auto const& second = server.requests().at(1);
  EXPECT_NE(second.find("If-None-Match: \"1\"\r\n"), std::string::npos) << second;
  EXPECT_NE(second.find("If-Modified-Since: Sat, 21 Nov 2026 02:30:00 GMT\r\n"), std::string::npos);
}

TEST(Tail, says_that_nobody_listens) {
  auto const tail = pushlab({"tail", "http://127.0.0.1:1/", "--once"});
  EXPECT_EQ(tail.status.code, 1);
  EXPECT_NE(tail.err.find("http://127.0.0.1:1/: "), std::string::npos) << tail.err;
}

}  // namespace
}  // namespace pushlab::driver

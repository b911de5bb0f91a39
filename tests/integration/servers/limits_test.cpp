// What a server takes, and how it says that this was too much.
#include "tests/integration/servers/guarded.hpp"

namespace pushlab::test {
namespace {

std::string plain_get(Target const& target) {
  return "GET " + target.path() + "?events=a HTTP/1.1\r\nHost: test\r\n\r\n";
}

TEST_P(EveryServer, connections_above_the_limit_are_asked_to_come_again) {
  ServerProcess const server{GetParam().program, {"--max-connections", "2"}};
  auto first = listening(GetParam(), server, "a");
  auto const second = listening(GetParam(), server, "a");
  auto const refused = knock(GetParam(), server, "a");
  expect_refusal(refused, 503);
  ASSERT_NE(refused.field("retry-after"), "");
  EXPECT_GE(std::stoi(refused.field("retry-after")), 1);
  EXPECT_EQ(refused.field("connection"), "close");
  wait_for_count(server, ended("over_limit"), 1);
  publish(server.ingest_port(), note("a", 1));
  expect_event(*first, note("a", 1));
  expect_event(*second, note("a", 1));
  first.reset();
  wait_until([&] { return knock(GetParam(), server, "a").status == let_in(GetParam()); },
             "there is room again");
}

TEST_P(EveryServer, one_address_may_have_so_many_connections_and_another_its_own) {
  ServerProcess const server{GetParam().program, {"--max-connections-per-address", "1"}};
  auto first = listening(GetParam(), server, "a");
  expect_refusal(knock(GetParam(), server, "a"), 429);
  wait_for_count(server, ended("over_limit"), 1);
  Wire elsewhere{server.client_port(), 0, "127.0.0.2"};
  elsewhere.send("GET /snapshot HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(read_answer(elsewhere).status, 200);
  first.reset();
  wait_until([&] { return knock(GetParam(), server, "a").status == let_in(GetParam()); },
             "there is room again");
}

TEST_P(EveryServer, one_user_may_have_so_many_connections_and_another_their_own) {
  auto const server = configured(GetParam(), "max_connections_per_user = 2\n" + people + rules);
  auto first = listening(GetParam(), server, "orders", by_key("7"));
  auto const second = listening(GetParam(), server, "orders", by_key("7"));
  auto const refused = knock(GetParam(), server, "orders", by_key("7"));
  expect_refusal(refused, 429);
  EXPECT_NE(refused.field("retry-after"), "");
  wait_for_count(server, "pushlab_requests_refused_total{status=\"429\"}", 1);
  EXPECT_EQ(knock(GetParam(), server, "orders", by_key("8")).status, let_in(GetParam()));
  std::vector<std::unique_ptr<PushClient>> nobody;
  for (int i = 0; i < 3; ++i) nobody.push_back(listening(GetParam(), server, "news"));
  publish(server.ingest_port(), note("orders", 1));
  expect_event(*second, note("orders", 1));
  first.reset();
  wait_until(
      [&] { return knock(GetParam(), server, "orders", by_key("7")).status == let_in(GetParam()); },
      "the user has room again");
}

TEST_P(EveryServer, a_target_that_is_too_long_gets_414) {
  ServerProcess const server{GetParam().program, {"--max-target-bytes", "300"}};
  EXPECT_EQ(knock(GetParam(), server, std::string(200, 'a')).status, let_in(GetParam()));
  expect_refusal(knock(GetParam(), server, std::string(300, 'a')), 414);
  expect_refusal(snapshot(server, std::string(300, 'a')), 414);
}

TEST_P(EveryServer, a_head_that_is_too_large_gets_431_and_is_closed) {
  ServerProcess const server{GetParam().program, {"--max-head-bytes", "2000"}};
  EXPECT_EQ(knock(GetParam(), server, "a", {"X: " + std::string(1000, 'x') + "\r\n"}).status,
            let_in(GetParam()));
  Wire wire{server.client_port()};
  wire.send("GET " + GetParam().path() + " HTTP/1.1\r\nHost: test\r\nX: " + std::string(2000, 'x') +
            "\r\n\r\n");
  expect_refusal(read_answer(wire), 431);
  EXPECT_TRUE(wire.wait_for_end());
  wait_for_count(server, ended("bad_request"), 1);
}

TEST_P(EveryServer, a_body_that_is_too_large_gets_413) {
  auto const server = configured(GetParam(), people);
  Wire wire{server.client_port()};
  wire.send("POST /ticket HTTP/1.1\r\nHost: test\r\nContent-Length: 2000000\r\n" +
            by_key("7").fields + "\r\n");
  expect_refusal(read_answer(wire), 413);
  EXPECT_TRUE(wire.wait_for_end());
}

TEST_P(EveryServer, more_names_than_allowed_get_400) {
  ServerProcess const server{GetParam().program, {"--max-subscriptions", "3"}};
  EXPECT_EQ(knock(GetParam(), server, "a,b,c").status, let_in(GetParam()));
  EXPECT_EQ(knock(GetParam(), server, "a,b,c,a,b").status, let_in(GetParam())) << "each once";
  EXPECT_NE(expect_refusal(knock(GetParam(), server, "a,b,c,d"), 400).find('3'), std::string::npos);
  expect_refusal(knock(GetParam(), server, "a,b&events=c,d"), 400);
  expect_refusal(snapshot(server, "a,b,c,d"), 400);
}

TEST_P(EveryServer, a_name_that_no_event_can_have_gets_400) {
  ServerProcess const server{GetParam().program};
  for (auto const* name : {"a%00b", "a%0Ab", "a%0Db", "a%1F", "a%7F", "%FF", "a,%C3", "%C0%80",
                           "%ED%A0%80", "%F4%90%80%80"}) {
    expect_refusal(knock(GetParam(), server, name), 400);
    expect_refusal(snapshot(server, name), 400);
  }
  for (auto const* name : {"%C3%A4", "%F0%9F%98%80", "a+b", "a%2Cb"})
    EXPECT_EQ(knock(GetParam(), server, name).status, let_in(GetParam())) << name;
}

// websocketpp ends a connection with its answer.
struct EveryKept : testing::TestWithParam<Target> {};
INSTANTIATE_TEST_SUITE_P(Servers, EveryKept, testing::Values(sse, websocket, long_poll, short_poll),
                         name_of);

TEST_P(EveryKept, a_refused_client_may_ask_better_on_the_same_connection) {
  auto const server = configured(GetParam(), "max_subscriptions = 3\n" + people + rules);
  Wire wire{server.client_port()};
  for (auto const& [names, fields, status] : std::vector<std::tuple<std::string, std::string, int>>{
           {"a,b,c,d", by_key("7").fields, 400},
           {"audit.x", by_key("7").fields, 403},
           {"orders", "", 401},
           {"orders", by_key("7").fields, 200}}) {
    wire.send("GET /snapshot?events=" + names + " HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n");
    EXPECT_EQ(read_answer(wire).status, status) << names;
  }
}

// Whoever sends before reading the refusal still gets to see it.
TEST_P(EveryServer, a_refusal_reaches_who_has_sent_much_already) {
  ServerProcess const server{GetParam().program, {"--max-connections", "1"}};
  auto const first = listening(GetParam(), server, "a");
  for (int i = 0; i < 20; ++i) {
    Wire wire{server.client_port()};
    wire.send(plain_get(GetParam()) + plain_get(GetParam()));
    EXPECT_EQ(read_answer(wire).status, 503);
  }
}

TEST(IngestLimits, a_name_that_is_no_text_is_refused) {
  ServerProcess const server{sse.program};
  for (auto const* name :
       {"a\xFF", "\xC3", "a\\u0000", "a\\n", "a\\u001f", "a\\u007f", "\\ud800"}) {
    auto const body = std::string{R"({"name":")"} + name + R"(","type":"update","id":1})";
    expect_refusal(post(server.ingest_port(), "/notify", body), 400);
  }
  EXPECT_EQ(metric(server.ingest_port(), "pushlab_notifications_total"), 0U);
}

}  // namespace
}  // namespace pushlab::test

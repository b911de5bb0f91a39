// Pages of another origin: who may read what, and who may open a WebSocket with somebody's cookie.
#include <algorithm>

#include "tests/integration/servers/sessions.hpp"

namespace pushlab::test {
namespace {

std::string const app = "Origin: https://app.example\r\n",
                  foreign = "Origin: https://evil.example\r\n";
std::string const house =
    "cors_origins = [\"https://app.example\", \"http://localhost:3000\"]\n" + people + rules;

bool lists(std::string list, std::string const& word) {
  std::transform(list.begin(), list.end(), list.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  list = ", " + list + ",";
  return list.find(", " + word + ",") != std::string::npos;
}

void expect_readable(HttpAnswer const& answer) {
  EXPECT_EQ(answer.field("access-control-allow-origin"), "https://app.example") << answer.status;
  EXPECT_EQ(answer.field("access-control-allow-credentials"), "true") << answer.status;
  EXPECT_TRUE(lists(answer.field("vary"), "origin")) << answer.status;
}
void expect_unreadable(HttpAnswer const& answer) {
  EXPECT_EQ(answer.field("access-control-allow-origin"), "") << answer.status;
  EXPECT_EQ(answer.field("access-control-allow-credentials"), "") << answer.status;
  EXPECT_TRUE(lists(answer.field("vary"), "origin")) << answer.status;
}

Asking and_fields(Asking asking, std::string const& fields) {
  asking.fields += fields;
  return asking;
}

TEST_P(EveryServer, an_allowed_page_can_read_every_answer) {
  auto const server = configured(GetParam(), house);
  auto const as_7 = and_fields(by_key("7"), app);
  auto const stream = knock(GetParam(), server, "orders", as_7);
  EXPECT_EQ(stream.status, let_in(GetParam()));
  if (stream.status == 200) expect_readable(stream);
  expect_readable(snapshot(server, "orders", as_7));
  expect_readable(ask_ticket(server, as_7));
  for (auto const& [answer, status] : std::vector<std::pair<HttpAnswer, int>>{
           {knock(GetParam(), server, "orders", {app}), 401},
           {knock(GetParam(), server, "audit.x", as_7), 403},
           {knock(GetParam(), server, "%00", as_7), 400},
           {get(server.client_port(), "/elsewhere", app), 404},
           {post(server.client_port(), "/snapshot", "", app), 405},
           {ask_ticket(server, {app}), 401}}) {
    EXPECT_EQ(answer.status, status);
    expect_readable(answer);
  }
}

TEST_P(EveryServer, a_foreign_page_can_read_no_answer) {
  auto const server = configured(GetParam(), house);
  for (auto const* origin :
       {"https://evil.example", "http://app.example", "https://app.example:8443",
        "https://app.example.evil.example", "https://APP.example", "null", ""}) {
    auto const asking = and_fields(by_key("7"), std::string{"Origin: "} + origin + "\r\n");
    expect_unreadable(snapshot(server, "orders", asking));
    expect_unreadable(get(server.client_port(), "/elsewhere", asking.fields));
    if (GetParam().protocol != Protocol::websocket)
      expect_unreadable(knock(GetParam(), server, "orders", asking));
  }
  expect_unreadable(snapshot(server, "orders", by_key("7")));
}

std::string preflight(std::string const& path, std::string const& origin, std::string const& method,
                      std::string const& fields) {
  return "OPTIONS " + path + " HTTP/1.1\r\nHost: test\r\n" + origin +
         "Access-Control-Request-Method: " + method +
         "\r\nAccess-Control-Request-Headers: " + fields + "\r\n\r\n";
}

TEST_P(EveryServer, a_preflight_allows_what_our_clients_send_and_needs_no_credential) {
  auto const server = configured(GetParam(), house);
  for (auto const& [path, method] : std::vector<std::pair<std::string, std::string>>{
           {GetParam().path(), "GET"}, {"/snapshot", "GET"}, {"/ticket", "POST"}}) {
    auto const answer = ask(server.client_port(),
                            preflight(path, app, method, "authorization,last-event-id,x-api-key"));
    EXPECT_EQ(answer.status, 204) << path;
    expect_readable(answer);
    EXPECT_TRUE(
        lists(answer.field("access-control-allow-methods"), method == "GET" ? "get" : "post"))
        << path;
    for (auto const* field : {"authorization", "last-event-id", "x-api-key"})
      EXPECT_TRUE(lists(answer.field("access-control-allow-headers"), field)) << field;
    auto const refused = ask(server.client_port(), preflight(path, foreign, method, "x-api-key"));
    expect_unreadable(refused);
    EXPECT_EQ(refused.field("access-control-allow-headers"), "");
  }
}

TEST_P(EveryServer, any_page_may_read_what_is_everybodys_and_gets_no_credentials) {
  auto const server = configured(GetParam(), "cors_origins = [\"*\"]\n");
  for (auto const& answer :
       {snapshot(server, "a", {foreign}), get(server.client_port(), "/elsewhere", foreign)}) {
    EXPECT_EQ(answer.field("access-control-allow-origin"), "*");
    EXPECT_EQ(answer.field("access-control-allow-credentials"), "");
  }
}

TEST_P(EveryServer, any_page_gets_no_credentials_where_there_are_some) {
  auto const server = configured(GetParam(), "cors_origins = [\"*\"]\n" + people + rules);
  for (auto const& answer : {snapshot(server, "orders", and_fields(by_key("7"), foreign)),
                             snapshot(server, "orders", {foreign})}) {
    EXPECT_EQ(answer.field("access-control-allow-origin"), "*");
    EXPECT_EQ(answer.field("access-control-allow-credentials"), "");
  }
}

TEST(LongPollCors, the_answer_to_a_held_poll_can_be_read_as_the_first_one) {
  auto const server = configured(long_poll, house);
  auto const fields = and_fields(by_key("7"), app);
  auto const cursor = listening(long_poll, server, "orders", fields)->cursor();
  auto const request = "GET /poll?events=orders&wait=50&since=" + cursor +
                       " HTTP/1.1\r\nHost: test\r\n" + fields.fields + "\r\n";
  Wire readable{server.client_port()}, plain{server.client_port()};
  readable.send(request);
  plain.send("GET /poll?events=orders&wait=50&since=" + cursor + " HTTP/1.1\r\nHost: test\r\n" +
             by_key("7").fields + "\r\n");
  wait_for_count(server, "pushlab_requests_total", 3);
  publish(server.ingest_port(), note("orders", 1));
  auto const answer = read_answer(readable);
  EXPECT_NE(answer.body.find(note("orders", 1)), std::string::npos) << answer.body;
  expect_readable(answer);
  EXPECT_EQ(read_answer(plain).field("access-control-allow-origin"), "");

  readable.send("GET /poll?events=orders&wait=1&since=" +
                std::string{boost::json::parse(answer.body).at("next").as_string()} +
                " HTTP/1.1\r\nHost: test\r\n" + fields.fields + "\r\n");
  expect_readable(read_answer(readable));  // at its deadline, without an event
}

// A cookie travels with every handshake, whatever page asks for it, and no preflight comes before.
TEST_P(EveryWebSocket, a_foreign_page_cannot_open_a_stream_with_somebodys_cookie) {
  RedisProcess redis;
  auto const server =
      configured(GetParam(), "cors_origins = [\"https://app.example\"]\n" + sessions_in(redis));
  log_in(redis, "one", "7");
  auto const status = [&](std::string const& fields) {
    return knock(GetParam(), server, "a", {fields}).status;
  };
  auto const cookie = by_cookie("one").fields;
  for (auto const* origin : {"https://evil.example", "http://test.evil.example", "http://test:81",
                             "https://app.example:444", "null"})
    expect_refusal(knock(GetParam(), server, "a", {cookie + "Origin: " + origin + "\r\n"}), 403);
  EXPECT_EQ(status(cookie + app), 101);
  EXPECT_EQ(status(cookie + "Origin: http://test\r\n"), 101) << "Host: test";
  EXPECT_EQ(status(cookie), 101) << "no browser";
  redis.command({"SET", "apikey:k1", R"({"user":9})"});
  EXPECT_EQ(status("X-API-Key: k1\r\n" + foreign), 101) << "a page cannot have sent this unasked";
}

TEST_P(EveryWebSocket, any_page_does_not_mean_any_page_with_a_cookie) {
  RedisProcess redis;
  auto const server = configured(GetParam(), "cors_origins = [\"*\"]\n" + sessions_in(redis));
  log_in(redis, "one", "7");
  expect_refusal(knock(GetParam(), server, "a", {by_cookie("one").fields + foreign}), 403);
}

}  // namespace
}  // namespace pushlab::test

// Who is let in, on the path of every strategy and at the snapshot beside it.
#include "tests/integration/redis_process.hpp"
#include "tests/integration/servers/sessions.hpp"

namespace pushlab::test {
namespace {

std::string const wrong_fields[] = {
    "",
    "X-API-Key: key-of-nobody\r\n",
    "Authorization: Bearer key-of-nobody\r\n",
};

TEST_P(EveryServer, a_key_lets_in_by_either_field) {
  auto const server = configured(GetParam(), people + rules);
  for (auto const* field : {"X-API-Key: key-of-7\r\n", "Authorization: Bearer key-of-7\r\n",
                            "authorization: bearer key-of-7\r\n"}) {
    EXPECT_EQ(knock(GetParam(), server, "orders", {field}).status, let_in(GetParam())) << field;
    EXPECT_EQ(snapshot(server, "orders", {field}).status, 200) << field;
  }
  auto const client = listening(GetParam(), server, "orders", by_key("7"));
  publish(server.ingest_port(), note("orders", 1));
  expect_event(*client, note("orders", 1));
}

TEST_P(EveryServer, a_credential_that_is_not_good_is_refused_before_anything_else_is_said) {
  auto const server = configured(GetParam(), people + rules);
  for (auto const& fields : wrong_fields) {
    expect_refusal(knock(GetParam(), server, "orders", {fields}), 401);
    expect_refusal(snapshot(server, "orders", {fields}), 401);
  }
  expect_refusal(knock(GetParam(), server, "orders", by_ticket("nonsense")), 401);
}

TEST_P(EveryServer, a_wrong_credential_does_not_make_a_client_anonymous) {
  auto const server = configured(GetParam(), people + rules);
  EXPECT_EQ(knock(GetParam(), server, "news").status, let_in(GetParam()));
  expect_refusal(knock(GetParam(), server, "news", {wrong_fields[1]}), 401);
  expect_refusal(knock(GetParam(), server, "news", by_ticket("nonsense")), 401);
  expect_refusal(snapshot(server, "news", {wrong_fields[2]}), 401);
}

TEST_P(EveryServer, the_anonymous_get_public_names_and_nothing_else) {
  auto const server = configured(GetParam(), people + rules);
  for (auto const* names : {"orders", "news,orders", "elsewhere", ""})
    expect_refusal(knock(GetParam(), server, names), 401);
  auto const client = listening(GetParam(), server, "news");
  publish(server.ingest_port(), note("orders", 1));
  publish(server.ingest_port(), note("news", 1));
  expect_event(*client, note("news", 1));
}

TEST_P(EveryServer, nobody_is_anonymous_where_nothing_is_public) {
  auto const server = configured(GetParam(), people);
  for (auto const* names : {"news", "*", ""}) {
    expect_refusal(knock(GetParam(), server, names), 401);
    expect_refusal(snapshot(server, names), 401);
  }
}

TEST_P(EveryServer, a_head_is_guarded_as_its_get_is) {
  auto const server = configured(GetParam(), people + rules);
  auto const port = server.client_port();
  EXPECT_EQ(knock(GetParam(), server, "orders", {}, "HEAD").status, 401);
  EXPECT_EQ(knock(GetParam(), server, "audit.x", by_key("7"), "HEAD").status, 403);
  auto const head = [&](std::string const& fields) {
    return ask(port, "HEAD /snapshot?events=orders HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n",
               true);
  };
  EXPECT_EQ(head("").status, 401);
  EXPECT_EQ(head("").field("www-authenticate"), "Bearer");
  EXPECT_EQ(head(by_key("7").fields).status, 200);
}

TEST_P(EveryServer, a_ticket_stands_for_its_key_once) {
  auto const server = configured(GetParam(), "account_event = \"user\"\n" + people + rules);
  auto const answer = ask_ticket(server, by_key("8"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.field("content-type"), "application/json");
  EXPECT_EQ(answer.field("cache-control"), "no-store");
  EXPECT_EQ(boost::json::parse(answer.body).at("expires_in_s"), 30);
  auto const ticket = ticket_in(answer);
  EXPECT_NE(ticket, ticket_in(ask_ticket(server, by_key("8"))));
  EXPECT_GE(ticket.size(), 22U) << "128 bits in base64";
  EXPECT_EQ(knock(GetParam(), server, "orders", by_ticket(ticket)).status, let_in(GetParam()));
  expect_refusal(knock(GetParam(), server, "orders", by_ticket(ticket)), 401);
  auto const other = by_ticket(ticket_in(ask_ticket(server, by_key("8"))));
  expect_refusal(knock(GetParam(), server, "audit.x", other), 403);
}

TEST_P(EveryServer, a_ticket_is_given_to_who_has_a_good_credential) {
  auto const server = configured(GetParam(), people + rules);
  for (auto const& fields : wrong_fields) expect_refusal(ask_ticket(server, {fields}), 401);
  auto const wrong = get(server.client_port(), "/ticket", by_key("7").fields);
  expect_refusal(wrong, 405);
  EXPECT_NE(wrong.field("allow").find("POST"), std::string::npos);
}

TEST_P(EveryStream, a_stream_by_ticket_is_its_users) {
  auto const server = configured(GetParam(), "account_event = \"user\"\n" + people + rules);
  auto const ticket = ticket_in(ask_ticket(server, by_key("8")));
  auto const client = listening(GetParam(), server, "", by_ticket(ticket));
  publish(server.ingest_port(), account("8", "mine"));
  expect_event(*client, account("8", "mine"));
}

TEST_P(EveryServer, a_session_in_redis_lets_in_by_its_cookie) {
  RedisProcess redis;
  auto const server = configured(GetParam(), sessions_in(redis) + rules);
  log_in(redis, "abc", "7", R"(["admin"])");
  for (auto const* cookie : {"abc", "s%3Aabc.not-looked-at", "s:abc.not-looked-at"}) {
    EXPECT_EQ(knock(GetParam(), server, "audit.x", by_cookie(cookie)).status, let_in(GetParam()))
        << cookie;
    EXPECT_EQ(snapshot(server, "audit.x", by_cookie(cookie)).status, 200) << cookie;
  }
  for (auto const* cookie : {"abd", "s%3Aabd.x", "ab", "abc%00", "*"})
    expect_refusal(knock(GetParam(), server, "news", by_cookie(cookie)), 401);
  auto const client = listening(GetParam(), server, "orders", by_cookie("abc"));
  publish(server.ingest_port(), note("orders", 1));
  expect_event(*client, note("orders", 1));
}

// By express-session's own reckoning: base64(HMAC-SHA256("keyboard cat", "abc")) without padding.
TEST_P(EveryServer, a_cookie_is_verified_when_the_secret_is_known) {
  RedisProcess redis;
  auto const secret = std::string{"cookie_secret = \"keyboard cat\"\n"};
  auto const server = configured(GetParam(), sessions_in(redis, secret) + rules);
  log_in(redis, "abc", "7");
  auto const status = [&](std::string const& cookie) {
    return knock(GetParam(), server, "orders", by_cookie(cookie)).status;
  };
  std::string const good = "BpxCrWRpvZMh%2Fwk%2Fdjl34N%2Bm%2BVQEU7K%2F5WenLwJCgFU";
  EXPECT_EQ(status("s%3Aabc." + good), let_in(GetParam()));
  EXPECT_EQ(status("s%3Aabc." + good.substr(1)), 401);
  EXPECT_EQ(status("s%3Aabd." + good), 401);
  EXPECT_EQ(status("s%3Aabc."), 401);
  EXPECT_EQ(status("abc"), 401);
}

TEST_P(EveryServer, an_api_key_in_redis_lets_in) {
  RedisProcess redis;
  auto const server = configured(GetParam(), sessions_in(redis) + rules);
  redis.command({"SET", "apikey:k1", R"({"user":9,"roles":["admin"]})"});
  for (auto const* field : {"X-API-Key: k1\r\n", "Authorization: Bearer k1\r\n"})
    EXPECT_EQ(knock(GetParam(), server, "audit.x", {field}).status, let_in(GetParam())) << field;
  expect_refusal(knock(GetParam(), server, "news", {"X-API-Key: k2\r\n"}), 401);
  auto const ticket = ticket_in(ask_ticket(server, {"X-API-Key: k1\r\n"}));
  EXPECT_EQ(knock(GetParam(), server, "audit.x", by_ticket(ticket)).status, let_in(GetParam()));
  expect_refusal(knock(GetParam(), server, "audit.x", by_ticket(ticket)), 401);
}

TEST_P(EveryServer, a_session_without_a_user_is_nobodys) {
  RedisProcess redis;
  auto const server = configured(GetParam(), sessions_in(redis) + rules);
  redis.command({"SET", "sess:guest", R"({"cookie":{}})"});
  redis.command({"SET", "sess:broken", "{"});
  expect_refusal(knock(GetParam(), server, "orders", by_cookie("guest")), 401);
  expect_refusal(knock(GetParam(), server, "orders", by_cookie("broken")), 401);
}

}  // namespace
}  // namespace pushlab::test

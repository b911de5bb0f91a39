#include "servers/clients/cors.hpp"

#include <gtest/gtest.h>

namespace pushlab::server {
namespace {

Request from(std::string const& origin, std::string const& host = "push.example") {
  Request request;
  request.fields = {{"Host", host}};
  if (!origin.empty()) request.fields.emplace_back("Origin", origin);
  return request;
}

std::string field(HeaderFields const& fields, std::string const& name) {
  for (auto const& [key, value] : fields)
    if (key == name) return value;
  return {};
}

CorsPolicy const policy{{"https://app.example", "http://localhost:3000"}};

TEST(Cors, without_origins_nothing_is_said) {
  EXPECT_TRUE(CorsPolicy{}.fields(from("https://app.example")).empty());
}

TEST(Cors, an_allowed_origin_is_granted_by_name_and_with_credentials) {
  auto const fields = policy.fields(from("https://app.example"));
  EXPECT_EQ(field(fields, "Access-Control-Allow-Origin"), "https://app.example");
  EXPECT_EQ(field(fields, "Access-Control-Allow-Credentials"), "true");
  EXPECT_EQ(field(fields, "Vary"), "Origin");
}

TEST(Cors, an_origin_that_is_like_an_allowed_one_is_not_granted) {
  for (auto const* origin : {"https://app.example.evil", "http://app.example", "null",
                             "https://app.example:8443", "https://APP.example", "*"}) {
    auto const fields = policy.fields(from(origin));
    EXPECT_EQ(fields, (HeaderFields{{"Vary", "Origin"}})) << origin;
  }
}

TEST(Cors, any_origin_is_never_granted_credentials) {
  auto const fields = CorsPolicy{{"*"}}.fields(from("https://app.example"));
  EXPECT_EQ(fields, (HeaderFields{{"Access-Control-Allow-Origin", "*"}}));
}

TEST(Cors, a_preflight_grants_the_fields_that_clients_send) {
  auto const answer = policy.options_answer(from("https://app.example"), false);
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(field(answer.fields, "Access-Control-Allow-Methods"), "GET, HEAD, OPTIONS");
  for (auto const* name : {"Last-Event-ID", "X-API-Key", "Authorization"})
    EXPECT_NE(field(answer.fields, "Access-Control-Allow-Headers").find(name), std::string::npos);
  auto const foreign = policy.options_answer(from("https://evil.example"), true);
  EXPECT_EQ(field(foreign.fields, "Access-Control-Allow-Methods"), "");
  EXPECT_EQ(field(foreign.fields, "Allow"), "POST, OPTIONS");
}

TEST(Cors, a_handshake_is_trusted_from_no_browser_this_host_and_allowed_origins) {
  EXPECT_TRUE(policy.trusts_page_of(from("")));
  EXPECT_TRUE(policy.trusts_page_of(from("https://push.example")));
  EXPECT_TRUE(policy.trusts_page_of(from("http://PUSH.example:81", "push.example:81")));
  EXPECT_TRUE(policy.trusts_page_of(from("https://app.example")));
  EXPECT_FALSE(policy.trusts_page_of(from("https://evil.example")));
  EXPECT_FALSE(policy.trusts_page_of(from("https://push.example:8443")));
  EXPECT_FALSE(policy.trusts_page_of(from("null")));
  EXPECT_FALSE(CorsPolicy{{"*"}}.trusts_page_of(from("https://evil.example")));
}

}  // namespace
}  // namespace pushlab::server

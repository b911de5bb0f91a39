#include "servers/auth/credential.hpp"

#include <gtest/gtest.h>

namespace pushlab::server {
namespace {

using Kind = Credential::Kind;
using Fields = std::vector<std::pair<std::string, std::string>>;

Credential shown(std::string const& target, Fields fields = {}) {
  Request request;
  request.target = Target::parse(target);
  request.fields = std::move(fields);
  return credential_of(request, "connect.sid");
}

std::string cookie(Fields fields) {
  auto const found = shown("/events", std::move(fields));
  EXPECT_EQ(found.kind, found.value.empty() ? Kind::none : Kind::session);
  return found.value;
}

TEST(Credential, is_none_when_nothing_is_shown) {
  EXPECT_EQ(shown("/events?events=a").kind, Kind::none);
  EXPECT_EQ(shown("/events?ticket=", {{"X-API-Key", ""}, {"Authorization", "Bearer "}}).kind,
            Kind::none);
  EXPECT_EQ(shown("/events", {{"Cookie", "connect.sid="}}).kind, Kind::none);
  EXPECT_EQ(shown("/events", {{"Cookie", "other=x; connect.sidx=y; sid=z"}}).kind, Kind::none);
}

TEST(Credential, is_the_strongest_that_is_there) {
  Fields fields{{"Cookie", "connect.sid=c"}, {"Authorization", "Bearer b"}, {"x-api-key", "k"}};
  auto const all = shown("/events?ticket=t", fields);
  EXPECT_EQ(all.kind, Kind::ticket);
  EXPECT_EQ(all.value, "t");
  EXPECT_EQ(shown("/events", fields).value, "k");
  fields.pop_back();
  EXPECT_EQ(shown("/events", fields).value, "b");
  EXPECT_EQ(shown("/events", fields).kind, Kind::api_key);
  fields.pop_back();
  EXPECT_EQ(shown("/events", fields).value, "c");
  EXPECT_EQ(shown("/events", fields).kind, Kind::session);
}

TEST(Credential, knows_the_bearer_scheme_in_any_case_and_no_other) {
  EXPECT_EQ(shown("/", {{"authorization", "bEARER  abc.def "}}).value, "abc.def");
  EXPECT_EQ(shown("/", {{"Authorization", "Basic dXNlcjpwYXNz"}}).kind, Kind::none);
  EXPECT_EQ(shown("/", {{"Authorization", "Bearerabc"}}).kind, Kind::none);
  EXPECT_EQ(shown("/", {{"Authorization", "Bearer"}}).kind, Kind::none);
}

TEST(Credential, looks_at_no_cookie_without_a_name) {
  Request request;
  request.fields = {{"Cookie", "=x; connect.sid=y"}};
  EXPECT_EQ(credential_of(request, "").kind, Kind::none);
}

TEST(Credential, that_nobody_can_have_is_there_and_never_good) {
  for (auto const& bad : {std::string(513, 'a'), std::string{"a\0b", 3}, std::string{"a\r\nb"},
                          std::string{"\x7f"}}) {
    auto const key = shown("/", {{"X-API-Key", bad}});
    EXPECT_EQ(key.kind, Kind::api_key);
    EXPECT_EQ(key.value, "");
    EXPECT_EQ(shown("/", {{"Authorization", "Bearer " + bad}}).kind, Kind::api_key);
    auto const session = shown("/", {{"Cookie", "connect.sid=" + bad}});
    EXPECT_EQ(session.kind, Kind::session);
    EXPECT_EQ(session.value, "");
  }
  EXPECT_EQ(shown("/?ticket=a%0Ab").kind, Kind::ticket);
  EXPECT_EQ(shown("/?ticket=a%0Ab").value, "");
  EXPECT_EQ(shown("/", {{"X-API-Key", std::string(512, 'a')}}).value, std::string(512, 'a'));
}

TEST(Cookie, is_found_among_others) {
  EXPECT_EQ(cookie({{"Cookie", "connect.sid=x"}}), "x");
  EXPECT_EQ(cookie({{"cookie", "a=b; connect.sid=x; c=d"}}), "x");
  EXPECT_EQ(cookie({{"COOKIE", "a=b;connect.sid=x;c=d;"}}), "x");
  EXPECT_EQ(cookie({{"Cookie", " ;; a; =b;\tconnect.sid = x\t;"}}), "x");
  EXPECT_EQ(cookie({{"Cookie", "a=connect.sid=y; connect.sid=x"}}), "x");
}

TEST(Cookie, may_be_in_any_of_several_fields) {
  EXPECT_EQ(cookie({{"Cookie", "a=b"}, {"Host", "h"}, {"Cookie", "connect.sid=x"}}), "x");
}

TEST(Cookie, is_the_first_of_its_name_as_in_express) {
  EXPECT_EQ(cookie({{"Cookie", "connect.sid=x; connect.sid=y"}}), "x");
  EXPECT_EQ(cookie({{"Cookie", "connect.sid=x"}, {"Cookie", "connect.sid=y"}}), "x");
  EXPECT_EQ(cookie({{"Cookie", "connect.sid=; connect.sid=y"}}), "");
}

TEST(Cookie, name_is_compared_as_it_stands) {
  EXPECT_EQ(cookie({{"Cookie", "Connect.Sid=x"}}), "");
}

TEST(Cookie, loses_quotes_and_escapes_and_keeps_equals_and_plus) {
  EXPECT_EQ(cookie({{"Cookie", "connect.sid=\"x y\""}}), "x y");
  EXPECT_EQ(cookie({{"Cookie", "connect.sid=\"x"}}), "\"x");
  EXPECT_EQ(cookie({{"Cookie", "connect.sid=\""}}), "\"");
  EXPECT_EQ(cookie({{"Cookie", "connect.sid=\"\""}}), "");
  EXPECT_EQ(cookie({{"Cookie", "connect.sid=a=b=="}}), "a=b==");
  EXPECT_EQ(cookie({{"Cookie", "connect.sid=s:a+b/c"}}), "s:a+b/c");
  EXPECT_EQ(cookie({{"Cookie", "connect.sid=s%3Aa+b%2Bc%2Fd"}}), "s:a+b+c/d");
  EXPECT_EQ(cookie({{"Cookie", "connect.sid=100%"}}), "100%");
}

}  // namespace
}  // namespace pushlab::server

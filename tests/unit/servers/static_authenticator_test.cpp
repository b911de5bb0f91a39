#include "servers/auth/static_authenticator.hpp"

#include <gtest/gtest.h>

#include "servers/auth/no_authenticator.hpp"

namespace pushlab::server {
namespace {

using Kind = Credential::Kind;

AuthVerdict identify(Authenticator& authenticator, Credential const& credential) {
  std::optional<AuthVerdict> verdict;
  authenticator.identify(credential, [&](AuthVerdict v) { verdict = std::move(v); });
  return verdict.value();
}

TicketVerdict issue(Authenticator& authenticator, Credential const& credential) {
  std::optional<TicketVerdict> verdict;
  authenticator.issue_ticket(credential, [&](TicketVerdict v) { verdict = std::move(v); });
  return verdict.value();
}

template <typename Verdict>
int status(Verdict const& verdict) {
  auto const* refusal = std::get_if<AuthRefusal>(&verdict);
  return refusal == nullptr ? 200 : refusal->status;
}

struct StaticAuthenticatorTest : testing::Test {
  AuthOptions options = [] {
    AuthOptions o;
    o.kind = AuthOptions::Kind::static_keys;
    o.keys = {{"first", "7", {"staff", "admin", "staff"}}, {"second", "8", {}}};
    return o;
  }();
  TicketBox tickets;
  StaticAuthenticator authenticator{options, tickets};
};

TEST_F(StaticAuthenticatorTest, knows_its_keys) {
  auto const first = identify(authenticator, {Kind::api_key, "first"});
  EXPECT_EQ(std::get<Identity>(first), (Identity{"7", {"admin", "staff"}, ""}));
  EXPECT_EQ(std::get<Identity>(identify(authenticator, {Kind::api_key, "second"})).user, "8");
}

TEST_F(StaticAuthenticatorTest, takes_nobody_with_a_wrong_credential_for_anonymous) {
  for (auto const* key : {"", "firs", "firstt", "First", "first ", "third"})
    EXPECT_EQ(status(identify(authenticator, {Kind::api_key, key})), 401) << key;
  EXPECT_EQ(status(identify(authenticator, {Kind::session, "first"})), 401);
  EXPECT_EQ(status(identify(authenticator, {Kind::session, ""})), 401);
  EXPECT_EQ(status(identify(authenticator, {Kind::ticket, "first"})), 401);
  EXPECT_EQ(status(identify(authenticator, {Kind::ticket, ""})), 401);
}

TEST_F(StaticAuthenticatorTest, lets_who_shows_nothing_be_anonymous) {
  EXPECT_TRUE(std::get<Identity>(identify(authenticator, {})).is_anonymous());
}

TEST_F(StaticAuthenticatorTest, gives_tickets_that_every_loop_takes_once) {
  auto const ticket = std::get<Ticket>(issue(authenticator, {Kind::api_key, "first"}));
  EXPECT_EQ(ticket.expires_in_s, 30U);
  StaticAuthenticator other{options, tickets};
  EXPECT_EQ(std::get<Identity>(identify(other, {Kind::ticket, ticket.text})).user, "7");
  EXPECT_EQ(status(identify(authenticator, {Kind::ticket, ticket.text})), 401);
}

TEST_F(StaticAuthenticatorTest, gives_tickets_for_good_keys_only) {
  EXPECT_EQ(status(issue(authenticator, {})), 401);
  EXPECT_EQ(status(issue(authenticator, {Kind::api_key, "third"})), 401);
  EXPECT_EQ(status(issue(authenticator, {Kind::session, "first"})), 401);
  auto const ticket = std::get<Ticket>(issue(authenticator, {Kind::api_key, "first"}));
  EXPECT_EQ(status(issue(authenticator, {Kind::ticket, ticket.text})), 401);
}

TEST_F(StaticAuthenticatorTest, asks_to_come_again_when_too_many_tickets_are_out) {
  TicketBox none{TicketBox::Clock::now, 0};
  StaticAuthenticator full{options, none};
  auto const verdict = issue(full, {Kind::api_key, "first"});
  EXPECT_EQ(status(verdict), 503);
  EXPECT_EQ(std::get<AuthRefusal>(verdict).retry_after_s, 1U);
}

TEST(NoAuthenticator, finds_everybody_anonymous_and_gives_no_tickets) {
  NoAuthenticator authenticator;
  EXPECT_TRUE(std::get<Identity>(identify(authenticator, {})).is_anonymous());
  EXPECT_TRUE(
      std::get<Identity>(identify(authenticator, {Kind::session, "another's"})).is_anonymous());
  EXPECT_EQ(status(issue(authenticator, {Kind::api_key, "k"})), 404);
}

}  // namespace
}  // namespace pushlab::server

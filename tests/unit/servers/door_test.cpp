#include "servers/clients/door.hpp"

#include <gtest/gtest.h>

namespace pushlab::server {
namespace {

// Knows the key "good" (user 7, role staff); answers at once or when told to.
class ScriptedAuthenticator : public Authenticator {
 public:
  void identify(Credential const& credential, std::function<void(AuthVerdict)> done) override {
    ++asked;
    auto answer = [credential, done = std::move(done)] {
      if (credential.kind == Credential::Kind::none) return done(Identity{});
      if (credential.value == "good") return done(Identity{"7", {"staff"}, ""});
      if (credential.value == "later") return done(AuthRefusal{503, "Nobody can tell.", 3});
      done(AuthRefusal{401, "The credential is not known."});
    };
    is_slow ? waiting.push_back(answer) : answer();
  }
  void issue_ticket(Credential const& credential,
                    std::function<void(TicketVerdict)> done) override {
    if (credential.value == "good") return done(Ticket{"t1", 30});
    done(AuthRefusal{401, "The credential is not known."});
  }
  int asked = 0;
  bool is_slow = false;
  std::vector<std::function<void()>> waiting;
};

struct DoorTest : ::testing::Test {
  using Rule = AccessRules::Rule;

  Decision decide(std::string const& target, std::string const& key = {}, HeaderFields fields = {},
                  std::string const& method = "GET") {
    auto request = std::make_shared<Request>();
    request->method = method;
    request->target = Target::parse(target);
    request->fields = std::move(fields);
    if (!key.empty()) request->fields.emplace_back("X-API-Key", key);
    std::optional<Decision> decided;
    door.ask(request, [&](Decision decision) { decided = std::move(decision); });
    return decided.value_or(Response{0, {}, {}});
  }
  int status(Decision const& decision) {
    auto const* response = std::get_if<Response>(&decision);
    return response ? response->status : 200;
  }
  std::string field(Decision const& decision, std::string const& name) {
    for (auto const& [key, value] : std::get<Response>(decision).fields)
      if (key == name) return value;
    return {};
  }

  AccessRules rules{{{"news", Rule::Who::everybody},
                     {"audit.*", Rule::Who::roles, {"admin"}},
                     {"user", Rule::Who::roles, {}}}};
  ScriptedAuthenticator authenticator;
  Counters counters;
  Door door{{"/ws", "sid", 100, true, true},
            CorsPolicy{{"https://app.example"}},
            rules,
            authenticator,
            counters};
};

TEST_F(DoorTest, lets_in_who_is_known_and_says_who_it_is) {
  auto const decision = decide("/ws?events=orders", "good");
  auto const& admission = std::get<Admission>(decision);
  EXPECT_EQ(admission.identity.user, "7");
  EXPECT_EQ(admission.viewer.user, "7");
  EXPECT_TRUE(admission.viewer.audience.authenticated);
  EXPECT_EQ(admission.viewer.audience.roles, std::vector<std::string>{"staff"});
  EXPECT_EQ(admission.viewer.subscription.names, std::vector<std::string>{"orders"});
}

TEST_F(DoorTest, tells_a_missing_a_wrong_and_an_insufficient_credential_apart) {
  EXPECT_EQ(status(decide("/ws?events=orders")), 401);
  EXPECT_EQ(status(decide("/ws?events=orders", "bad")), 401);
  EXPECT_EQ(status(decide("/ws?events=audit.x", "good")), 403);
  EXPECT_EQ(status(decide("/ws?events=user", "good")), 403);
  EXPECT_EQ(field(decide("/ws?events=orders"), "WWW-Authenticate"), "Bearer");
  EXPECT_EQ(counters.refused.value(0), 3U);
}

TEST_F(DoorTest, a_refusal_names_what_may_not_be_subscribed) {
  auto const refusal = std::get<Response>(decide("/ws?events=orders,audit.x", "good"));
  EXPECT_NE(refusal.body.find("audit.x"), std::string::npos) << refusal.body;
  EXPECT_EQ(refusal.content_type, "application/problem+json");
}

TEST_F(DoorTest, the_anonymous_may_have_what_is_public_and_nothing_else) {
  EXPECT_EQ(status(decide("/ws?events=news")), 200);
  EXPECT_EQ(status(decide("/ws?events=*")), 200);
  EXPECT_EQ(status(decide("/ws?events=news,orders")), 401);
  EXPECT_EQ(status(decide("/ws")), 401);
  EXPECT_EQ(status(decide("/snapshot")), 401);
}

TEST_F(DoorTest, a_wrong_credential_is_not_anonymous) {
  EXPECT_EQ(status(decide("/ws?events=news", "bad")), 401);
}

TEST_F(DoorTest, nobody_can_tell_is_503_with_a_time_to_come_back) {
  auto const decision = decide("/ws?events=orders", "later");
  EXPECT_EQ(status(decision), 503);
  EXPECT_EQ(field(decision, "Retry-After"), "3");
}

TEST_F(DoorTest, what_needs_no_identity_is_answered_without_asking) {
  EXPECT_EQ(status(decide("/elsewhere", "good")), 404);
  EXPECT_EQ(status(decide("/ws", "good", {}, "DELETE")), 405);
  EXPECT_EQ(status(decide("/ticket", "good")), 405);
  EXPECT_EQ(status(decide("/ws", "good", {}, "OPTIONS")), 204);
  EXPECT_EQ(authenticator.asked, 0);
}

TEST_F(DoorTest, a_ticket_is_given_for_a_good_credential) {
  auto const ticket = std::get<Response>(decide("/ticket", "good", {}, "POST"));
  EXPECT_EQ(ticket.status, 200);
  EXPECT_EQ(ticket.body, "{\"ticket\":\"t1\",\"expires_in_s\":30}\n");
  EXPECT_EQ(status(decide("/ticket", "bad", {}, "POST")), 401);
}

TEST_F(DoorTest, a_foreign_page_may_not_open_a_websocket_with_its_users_cookie) {
  HeaderFields const foreign{{"Host", "push.example"}, {"Origin", "https://evil.example"}};
  auto with_cookie = foreign;
  with_cookie.emplace_back("Cookie", "sid=good");
  EXPECT_EQ(status(decide("/ws?events=orders", "", with_cookie)), 403);
  EXPECT_EQ(status(decide("/ws?events=orders", "good", foreign)), 200);
  with_cookie[1].second = "https://app.example";
  EXPECT_EQ(status(decide("/ws?events=orders", "", with_cookie)), 200);
}

TEST_F(DoorTest, refusals_carry_what_cors_wants) {
  HeaderFields const page{{"Origin", "https://app.example"}};
  for (auto const& decision :
       {decide("/ws?events=orders", "bad", page), decide("/nowhere", "", page),
        decide("/ws?events=user", "good", page), decide("/ws?events=%00", "good", page)})
    EXPECT_EQ(field(decision, "Access-Control-Allow-Origin"), "https://app.example")
        << status(decision);
  auto const admitted = decide("/ws?events=orders", "good", page);
  EXPECT_EQ(std::get<Admission>(admitted).cors.size(), 4U);
}

TEST_F(DoorTest, decides_later_when_it_has_to_ask) {
  authenticator.is_slow = true;
  EXPECT_EQ(status(decide("/ws?events=orders", "good")), 0);
  auto request = std::make_shared<Request>();
  request->method = "GET";
  request->target = Target::parse("/ws?events=orders");
  std::optional<Decision> decided;
  door.ask(request, [&](Decision decision) { decided = std::move(decision); });
  EXPECT_FALSE(decided);
  authenticator.waiting.back()();
  EXPECT_TRUE(decided);
}

TEST(OpenDoor, asks_nobody_when_no_credentials_are_wanted) {
  ScriptedAuthenticator authenticator;
  Counters counters;
  AccessRules const open;
  Door const door{{"/events", "sid"}, {}, open, authenticator, counters};
  Request request;
  request.method = "GET";
  request.target = Target::parse("/events?events=user,x");
  request.fields = {{"X-API-Key", "bad"}};
  auto const decision = door.at_once(request);
  ASSERT_TRUE(decision);
  EXPECT_TRUE(std::get<Admission>(*decision).identity.is_anonymous());
  EXPECT_EQ(authenticator.asked, 0);
}

}  // namespace
}  // namespace pushlab::server

// Who may have which names: by the rules, wherever an event comes from.
#include <set>

#include "tests/integration/servers/guarded.hpp"

namespace pushlab::test {
namespace {

std::string const house = "account_event = \"user\"\n" + people + rules;

TEST_P(EveryServer, a_name_that_a_user_may_not_have_is_named) {
  auto const server = configured(GetParam(), house);
  auto const detail =
      expect_refusal(knock(GetParam(), server, "orders,audit.login", by_key("7")), 403);
  EXPECT_NE(detail.find("audit.login"), std::string::npos) << detail;
  EXPECT_EQ(detail.find("orders"), std::string::npos) << detail;
  expect_refusal(snapshot(server, "audit.login", by_key("7")), 403);
  EXPECT_EQ(knock(GetParam(), server, "audit.login,orders", by_key("root")).status,
            let_in(GetParam()));
}

TEST_P(EveryServer, the_rule_that_fits_best_counts) {
  auto const server = configured(GetParam(), people + R"(
[allow]
"*" = ["admin"]
"a.*" = ["staff"]
"a.b.*" = "authenticated"
"a.b.c" = "public"
"a.x" = []
)");
  auto const status = [&](std::string const& name, std::string const& user) {
    return knock(GetParam(), server, name, user.empty() ? Asking{} : by_key(user)).status;
  };
  auto const in = let_in(GetParam());
  EXPECT_EQ(status("a.b.c", ""), in);
  EXPECT_EQ(status("a.b.d", ""), 401);
  EXPECT_EQ(status("a.b.d", "8"), in);
  EXPECT_EQ(status("a.c", "8"), 403);
  EXPECT_EQ(status("a.c", "7"), in);
  EXPECT_EQ(status("a.c", "root"), 403);
  EXPECT_EQ(status("a", "7"), 403);
  EXPECT_EQ(status("a", "root"), in);
  EXPECT_EQ(status("a.x", "root"), 403);
}

TEST_P(EveryServer, a_name_without_a_rule_is_for_the_authenticated) {
  auto const server = configured(GetParam(), house);
  expect_refusal(knock(GetParam(), server, "elsewhere"), 401);
  EXPECT_EQ(knock(GetParam(), server, "elsewhere", by_key("8")).status, let_in(GetParam()));
}

// Everything that is published, and the part of it that each may have.
std::vector<std::string> const published{note("audit.login", 1), note("news", 2),
                                         note("orders", 3),      account("99", "x"),
                                         note("elsewhere", 4),   note("user.x", 5)};
struct View {
  Asking who;
  std::vector<std::string> visible;
};
std::vector<View> views() {
  return {{{}, {published[1]}},
          {by_key("8"), {published[1], published[2], published[4], published[5]}},
          {by_key("root"), {published[0], published[1], published[2], published[4], published[5]}}};
}

TEST_P(EveryServer, everything_is_what_the_rules_allow_live_and_when_resumed) {
  auto const server = configured(GetParam(), house);
  std::vector<std::unique_ptr<PushClient>> clients;
  for (auto const& view : views()) clients.push_back(listening(GetParam(), server, "*", view.who));
  auto const start = clients.front()->cursor();
  for (auto const& body : published) publish(server.ingest_port(), body);
  publish(server.ingest_port(), note("news", 99));
  auto const all = views();
  for (std::size_t i = 0; i < clients.size(); ++i) {
    for (auto const& body : all[i].visible) expect_event(*clients[i], body);
    expect_event(*clients[i], note("news", 99));
  }
  for (auto const& view : views()) {
    auto again = view.who;
    again.cursor = start;
    auto const client = listening(GetParam(), server, "*", again);
    for (auto const& body : view.visible) expect_event(*client, body);
    expect_event(*client, note("news", 99));
  }
}

TEST_P(EveryServer, everything_in_a_snapshot_is_what_the_rules_allow) {
  auto const server = configured(GetParam(), house);
  for (auto const& body : published) publish(server.ingest_port(), body);
  for (auto const& view : views()) {
    boost::json::array expected;
    for (auto const& body : view.visible) expected.push_back(boost::json::parse(body));
    auto const answer = snapshot(server, "*", view.who);
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(boost::json::parse(answer.body).at("state"), expected) << answer.body;
  }
}

TEST_P(EveryServer, the_accounts_name_may_be_subscribed_by_nobody_who_has_no_rule_for_it) {
  auto const closed = configured(GetParam(), house);
  for (auto const* user : {"8", "root"}) {
    auto const detail = expect_refusal(knock(GetParam(), closed, "user", by_key(user)), 403);
    EXPECT_NE(detail.find("user"), std::string::npos) << detail;
    expect_refusal(snapshot(closed, "user", by_key(user)), 403);
  }
  auto const wide = configured(GetParam(), house + "\"*\" = \"public\"\n");
  expect_refusal(knock(GetParam(), wide, "user", by_key("root")), 403);
  auto const open = configured(GetParam(), house + "user = [\"admin\"]\n");
  EXPECT_EQ(knock(GetParam(), open, "user", by_key("root")).status, let_in(GetParam()));
  expect_refusal(knock(GetParam(), open, "user", by_key("8")), 403);
}

TEST_P(EveryServer, without_auth_everybody_may_have_everything) {
  auto const server = configured(GetParam(), "account_event = \"user\"\n");
  auto const everything = listening(GetParam(), server, "*");
  auto const by_name = listening(GetParam(), server, "user");
  publish(server.ingest_port(), account("7", "x"));
  expect_event(*everything, account("7", "x"));
  expect_event(*by_name, account("7", "x"));
}

}  // namespace
}  // namespace pushlab::test

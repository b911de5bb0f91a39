#include <set>

#include "tests/unit/servers/hub_fixture.hpp"

namespace pushlab::server {
namespace {

using Who = AccessRules::Rule::Who;
using Numbers = std::vector<std::uint64_t>;

Notification from(std::string const& origin, std::string const& name = "a",
                  std::string const& id = "1") {
  auto made = notification(name, id);
  made.origin = origin;
  return made;
}

// Rules.

struct RuledHub : HubTest {
  RuledHub() {
    options.rules = AccessRules{
        {{"news", Who::everybody}, {"audit.*", Who::roles, {"admin"}}, {"user", Who::roles, {}}}};
    admin.audience = {true, {"admin"}};
  }
  Viewer anonymous = viewer("*"), user = viewer("*", "7"), admin = viewer("*", "8");
};

TEST_F(RuledHub, all_is_what_each_may_have) {
  for (Slot slot = 0; slot < 30; ++slot)
    hub().add(slot, slot % 3 == 0 ? anonymous : slot % 3 == 1 ? user : admin);
  for (auto const* name : {"news", "orders", "audit.x"}) {
    publish({name});
    hub().run_turn();
  }
  for (Slot slot = 0; slot < 30; ++slot) {
    auto const expected = std::string{"<1><2><3>"}.substr(0, 3 * (slot % 3 + 1));
    EXPECT_EQ(delivery.bytes[slot], expected) << slot;
  }
}

TEST_F(RuledHub, all_is_what_each_may_have_in_a_turn_of_many_events) {
  hub().add(0, anonymous);
  hub().add(1, user);
  hub().add(2, admin);
  publish({"orders", "audit.x", "news"});
  hub().run_turn();
  EXPECT_EQ(delivery.bytes,
            (std::map<Slot, std::string>{{0, "<3>"}, {1, "<1><3>"}, {2, "<1><2><3>"}}));
}

TEST_F(RuledHub, a_named_name_was_checked_by_whoever_subscribed_and_costs_no_question) {
  hub().add(0, viewer("audit.x"));
  publish({"audit.x"});
  hub().run_turn();
  EXPECT_EQ(delivery.bytes[0], "<1>");
}

TEST_F(RuledHub, resumes_and_shows_what_is_allowed_only) {
  publish({"news", "orders", "audit.x"});
  hub().run_turn();
  for (auto const* events : {"*", "news,orders,audit.x"}) {
    add_names(anonymous.subscription, events);
    anonymous.subscription = viewer(events).subscription;
    user.subscription = admin.subscription = anonymous.subscription;
    EXPECT_EQ(numbers_of(hub().resume("e1-0", anonymous).missed), Numbers{1});
    EXPECT_EQ(numbers_of(hub().resume("e1-0", user).missed), (Numbers{1, 2}));
    EXPECT_EQ(numbers_of(hub().resume("e1-0", admin).missed), (Numbers{1, 2, 3}));
    EXPECT_EQ(hub().snapshot_json(anonymous),
              R"({"cursor":"e1-3","state":[)" + notification_json("news") + "]}");
    EXPECT_EQ(hub().snapshot_json(user), R"({"cursor":"e1-3","state":[)" +
                                             notification_json("news") + "," +
                                             notification_json("orders") + "]}");
  }
}

TEST_F(RuledHub, the_first_crowd_of_a_walk_is_not_always_the_same) {
  for (Slot slot = 0; slot < 10; ++slot) {
    admin.audience.roles = {"admin", std::to_string(slot)};
    hub().add(slot, admin);
  }
  std::set<Slot> firsts;
  for (int i = 0; i < 100; ++i) {
    delivery.order.clear();
    publish({"audit.x"});
    hub().run_turn();
    ASSERT_EQ(std::set<Slot>(delivery.order.begin(), delivery.order.end()).size(), 10U);
    firsts.insert(delivery.order.front());
  }
  EXPECT_GE(firsts.size(), 8U);
}

// The account event.

TEST_F(RuledHub, an_account_change_reaches_all_connections_of_its_user_and_nobody_else) {
  hub().add(0, viewer("", "7"));
  hub().add(1, viewer("news", "7"));
  hub().add(2, user);
  hub().add(3, admin);
  hub().add(4, anonymous);
  hub().add(5, viewer("", "77"));
  for (auto const* id : {"7", "\"7\"", "\"\\u0037\""}) publish(notification("user", id));
  hub().run_turn();
  std::map<Slot, std::string> const expected{{0, "<1><2><3>"}, {1, "<1><2><3>"}, {2, "<1><2><3>"}};
  EXPECT_EQ(delivery.bytes, expected);
}

TEST_F(HubTest, an_account_change_comes_once_to_who_also_subscribed_and_by_right_to_others) {
  hub().add(0, viewer("user", "7"));
  hub().add(1, viewer("*", "7"));
  hub().add(2, viewer("user", "8"));
  hub().add(3, viewer("*"));
  hub().add(4, viewer("a", "7"));
  publish(notification("user", "7"));
  hub().run_turn();
  EXPECT_EQ(delivery.writes, (std::map<Slot, int>{{0, 1}, {1, 1}, {2, 1}, {3, 1}, {4, 1}}));
  EXPECT_EQ(encoder.joins, 0);
}

TEST_F(HubTest, another_name_is_no_account_change_and_neither_is_another_users) {
  hub().add(0, viewer("", "7"));
  publish(notification("a", "7"));
  publish(notification("user", "8"));
  hub().run_turn();
  EXPECT_TRUE(delivery.bytes.empty());
}

TEST_F(HubTest, the_name_of_the_account_event_can_be_chosen_or_left_out) {
  for (auto const* name : {"account", ""}) {
    options.account_event = name;
    Hub other{epoch, options, encoder, delivery};
    other.add(0, viewer("", "7"));
    other.publish(event(1, "user", "7"));
    other.run_turn();
    EXPECT_TRUE(delivery.bytes.empty()) << name;
    other.publish(event(2, "account", "7"));
    other.run_turn();
    EXPECT_EQ(delivery.bytes.count(0), name[0] == '\0' ? 0U : 1U);
    delivery.bytes.clear();
  }
}

TEST_F(RuledHub, resumes_and_shows_the_own_account_only) {
  publish(notification("user", "7"));
  publish(notification("user", "8"));
  publish(notification("user", "\"7\""));
  hub().run_turn();
  EXPECT_EQ(numbers_of(hub().resume("e1-0", viewer("", "7")).missed), (Numbers{1, 3}));
  EXPECT_EQ(numbers_of(hub().resume("e1-0", user).missed), (Numbers{1, 3}));
  EXPECT_EQ(numbers_of(hub().resume("e1-0", anonymous).missed), Numbers{});
  EXPECT_EQ(hub().snapshot_json(user),
            R"({"cursor":"e1-3","state":[)" + notification_json("user", "\"7\"") + "]}");
}

TEST_F(HubTest, others_accounts_are_resumed_and_shown_by_right) {
  publish(notification("user", "7"));
  publish(notification("user", "8"));
  hub().run_turn();
  for (auto const* events : {"user", "*"}) {
    EXPECT_EQ(numbers_of(hub().resume("e1-0", viewer(events, "7")).missed), (Numbers{1, 2}));
    EXPECT_EQ(hub().snapshot_json(viewer(events)), R"({"cursor":"e1-2","state":[)" +
                                                       notification_json("user", "7") + "," +
                                                       notification_json("user", "8") + "]}");
  }
}

// Origins.

struct OriginHub : HubTest {
  OriginHub() {
    options.leave_out_origin = true;
    mine.connection = "c1";
    other.connection = "c2";
  }
  Viewer mine = viewer("a,b", "7"), other = viewer("*", "7");
};

TEST_F(OriginHub, who_caused_an_event_does_not_get_it) {
  hub().add(0, mine);
  hub().add(1, other);
  hub().add(2, viewer("a"));
  publish(from("c1"));
  hub().run_turn();
  EXPECT_EQ(delivery.writes, (std::map<Slot, int>{{1, 1}, {2, 1}}));
}

TEST_F(OriginHub, who_caused_one_of_many_events_gets_the_others_in_one_write) {
  hub().add(0, mine);
  hub().add(1, other);
  publish(from("c1", "a"));
  publish(from("c2", "b"));
  publish(from("c1", "user", "7"));
  publish(from("", "a"));
  publish(from("c1", "a"));
  hub().run_turn();
  EXPECT_EQ(delivery.bytes, (std::map<Slot, std::string>{{0, "<2><4>"}, {1, "<1><3><4><5>"}}));
  EXPECT_EQ(delivery.writes, (std::map<Slot, int>{{0, 1}, {1, 1}}));
}

TEST_F(OriginHub, who_caused_all_of_a_turn_gets_nothing_then_and_the_next_turn_whole) {
  hub().add(0, mine);
  publish(from("c1"));
  publish(from("c1"));
  hub().run_turn();
  EXPECT_TRUE(delivery.bytes.empty());
  publish({"a", "b"});
  hub().run_turn();
  EXPECT_EQ(delivery.bytes[0], "<3><4>");
}

TEST_F(OriginHub, an_origin_that_is_not_here_or_left_is_nobodys) {
  hub().add(0, mine);
  hub().add(1, viewer("a"));
  publish(from("c9"));
  hub().run_turn();
  hub().remove(0);
  hub().add(0, viewer("a"));
  publish(from("c1"));
  hub().run_turn();
  EXPECT_EQ(delivery.bytes, (std::map<Slot, std::string>{{0, "<1><2>"}, {1, "<1><2>"}}));
}

TEST_F(OriginHub, a_connection_that_is_on_two_slots_gets_it_on_neither) {
  hub().add(0, mine);
  hub().add(1, mine);
  publish(from("c1"));
  hub().run_turn();
  EXPECT_TRUE(delivery.bytes.empty());
}

TEST_F(OriginHub, a_resume_leaves_it_out_and_the_state_does_not) {
  publish(from("c1", "a"));
  publish(from("c2", "b"));
  hub().run_turn();
  EXPECT_EQ(numbers_of(hub().resume("e1-0", mine).missed), Numbers{2});
  EXPECT_FALSE(hub().sees(mine, from("c1")));
  EXPECT_TRUE(hub().sees(other, from("c1")));
  EXPECT_EQ(hub().snapshot_json(mine), hub().snapshot_json(other));
}

TEST_F(HubTest, who_caused_an_event_gets_it_unless_that_is_asked_for) {
  auto mine = viewer("a");
  mine.connection = "c1";
  hub().add(0, mine);
  publish(from("c1"));
  hub().run_turn();
  EXPECT_EQ(delivery.bytes[0], "<1>");
  EXPECT_EQ(numbers_of(hub().resume("e1-0", mine).missed), Numbers{1});
}

}  // namespace
}  // namespace pushlab::server

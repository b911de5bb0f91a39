#include "servers/hub/subscriptions.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "servers/hub/viewer.hpp"
#include "tests/unit/servers/events.hpp"

namespace pushlab::server {
namespace {

Subscription names(std::string_view parameter) {
  Subscription subscription;
  add_names(subscription, parameter);
  return subscription;
}

HubOptions const open;
HubOptions const ruled{.rules = AccessRules{{{"news", AccessRules::Rule::Who::everybody}}}};

Viewer viewer(std::string_view parameter) {
  return {names(parameter)};
}

std::set<Slot> set_of(std::span<Slot const> slots) {
  std::set<Slot> set{slots.begin(), slots.end()};
  EXPECT_EQ(set.size(), slots.size()) << "a slot is there twice";
  return set;
}

TEST(Subscription, takes_names_between_commas_each_once) {
  EXPECT_EQ(names("a,b,a,,b").names, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(names("").names.empty());
  EXPECT_TRUE(names(",").names.empty());
}

TEST(Subscription, an_encoded_comma_is_part_of_the_name) {
  EXPECT_EQ(names("a%2Cb,c").names, (std::vector<std::string>{"a,b", "c"}));
}

TEST(Subscription, a_star_covers_all_and_no_name_covers_nothing) {
  EXPECT_TRUE(names("*").covers("anything"));
  EXPECT_TRUE(names("a,*").covers("anything"));
  EXPECT_FALSE(names("").covers("a"));
  EXPECT_FALSE(names("a").covers("aa"));
  EXPECT_TRUE(names("b,a").covers("a"));
}

TEST(Subscription, adds_up_over_repeated_parameters) {
  auto subscription = names("a");
  add_names(subscription, "b,a");
  EXPECT_EQ(subscription.names, (std::vector<std::string>{"a", "b"}));
}

TEST(Subscription, reads_no_further_than_the_first_name_above_the_limit) {
  std::string parameter;
  for (int i = 0; i < 1000; ++i) parameter += std::to_string(i) + ",";
  EXPECT_EQ(names(parameter).names.size(), max_subscribed_names + 1);
}

TEST(Subscriptions, finds_the_slots_of_a_name_and_of_the_star_apart) {
  Subscriptions table{open};
  table.add(0, viewer("a"));
  table.add(1, viewer("a,b"));
  table.add(2, viewer("*"));
  table.add(3, viewer("a,*"));
  EXPECT_EQ(set_of(table.of("a")), (std::set<Slot>{0, 1}));
  EXPECT_EQ(set_of(table.of("b")), (std::set<Slot>{1}));
  EXPECT_EQ(set_of(table.of("c")), (std::set<Slot>{}));
  ASSERT_EQ(table.crowds().size(), 1U);
  EXPECT_EQ(set_of(table.crowds()[0]->slots), (std::set<Slot>{2, 3}));
}

TEST(Subscriptions, those_who_asked_for_all_stand_with_those_of_the_same_rights) {
  Subscriptions table{ruled};
  std::vector<Audience> const audiences{{false, {}}, {true, {}}, {true, {"a", "b"}}};
  for (Slot slot = 0; slot < 30; ++slot) {
    auto one = viewer("*");
    one.audience = audiences[slot % 3];
    table.add(slot, one);
  }
  ASSERT_EQ(table.crowds().size(), 3U);
  for (auto const& crowd : table.crowds()) {
    EXPECT_EQ(crowd->slots.size(), 10U);
    for (auto const slot : crowd->slots) EXPECT_EQ(crowd->audience, audiences[slot % 3]);
  }
}

TEST(Subscriptions, rights_make_no_crowds_where_everybody_may_have_everything) {
  Subscriptions table{open};
  for (Slot slot = 0; slot < 10; ++slot) {
    auto one = viewer("*");
    one.audience = {true, {"role" + std::to_string(slot)}};
    table.add(slot, one);
  }
  EXPECT_EQ(table.crowds().size(), 1U);
}

TEST(Subscriptions, finds_the_slots_of_a_user_whatever_was_subscribed) {
  Subscriptions table{open};
  auto seven = viewer("a"), seven_again = viewer("*"), eight = viewer("");
  seven.user = seven_again.user = "7";
  eight.user = "8";
  table.add(0, seven);
  table.add(1, seven_again);
  table.add(2, eight);
  table.add(3, viewer("a"));
  EXPECT_EQ(set_of(table.of_user("7")), (std::set<Slot>{0, 1}));
  EXPECT_EQ(set_of(table.of_user("8")), (std::set<Slot>{2}));
  EXPECT_EQ(set_of(table.of_user("")), (std::set<Slot>{}));
}

TEST(Subscriptions, finds_a_connection_by_its_id_only_where_origins_are_left_out) {
  for (auto const leave_out : {false, true}) {
    HubOptions const options{.leave_out_origin = leave_out};
    Subscriptions table{options};
    auto one = viewer("a");
    one.connection = "c1";
    table.add(0, one);
    table.add(1, viewer("a"));
    EXPECT_EQ(set_of(table.of_connection("c1")), leave_out ? std::set<Slot>{0} : std::set<Slot>{});
    EXPECT_EQ(set_of(table.of_connection("")), (std::set<Slot>{}));
  }
}

TEST(Subscriptions, forgets_a_group_with_its_last_slot) {
  HubOptions const options{.leave_out_origin = true, .rules = AccessRules{{}}};
  Subscriptions table{options};
  auto one = viewer("a,b"), other = viewer("*");
  one.user = other.user = "7";
  one.connection = "c1";
  table.add(0, one);
  table.add(1, viewer("b"));
  table.add(2, other);
  EXPECT_EQ(table.groups(), 5U) << "a, b, the crowd, the user, the connection";
  table.remove(0);
  EXPECT_EQ(table.groups(), 3U);
  table.remove(1);
  EXPECT_EQ(table.groups(), 2U);
  table.remove(2);
  EXPECT_EQ(table.groups(), 0U);
}

TEST(Subscriptions, removing_an_unknown_slot_does_nothing) {
  Subscriptions table{open};
  table.remove(7);
  table.add(1, viewer("a"));
  table.remove(7);
  table.remove(0);
  EXPECT_EQ(set_of(table.of("a")), (std::set<Slot>{1}));
}

TEST(Subscriptions, agrees_with_a_plain_map_over_ten_thousand_random_steps) {
  std::mt19937 random{1};
  std::vector<std::string> const topics{"a", "b", "c", "d", "*"};
  std::vector<Audience> const audiences{{false, {}}, {true, {}}, {true, {"r"}}};
  Subscriptions table{ruled};
  std::map<Slot, Viewer> expected;
  auto const those = [&](auto&& fit) {
    std::set<Slot> slots;
    for (auto const& [slot, one] : expected)
      if (fit(one)) slots.insert(slot);
    return slots;
  };
  for (int step = 0; step < 10'000; ++step) {
    auto const slot = static_cast<Slot>(random() % 40);
    if (expected.erase(slot) > 0) {
      table.remove(slot);
    } else {
      std::string parameter;
      for (auto n = random() % 4; n > 0; --n) parameter += topics[random() % topics.size()] + ",";
      auto one = viewer(parameter);
      one.audience = audiences[random() % audiences.size()];
      if (random() % 2 == 0) one.user = std::to_string(random() % 3);
      table.add(slot, expected[slot] = one);
    }
    auto const& topic = topics[random() % 4];
    auto const user = std::to_string(random() % 3);
    ASSERT_EQ(set_of(table.of(topic)), those([&](Viewer const& one) {
                return !one.subscription.all && one.subscription.covers(topic);
              }))
        << "step " << step;
    ASSERT_EQ(set_of(table.of_user(user)),
              those([&](Viewer const& one) { return one.user == user; }));
    std::size_t in_crowds = 0;
    for (auto const& crowd : table.crowds()) {
      in_crowds += crowd->slots.size();
      ASSERT_EQ(set_of(crowd->slots), those([&](Viewer const& one) {
                  return one.subscription.all && one.audience == crowd->audience;
                }));
    }
    ASSERT_EQ(in_crowds, those([](Viewer const& one) { return one.subscription.all; }).size());
  }
}

}  // namespace
}  // namespace pushlab::server

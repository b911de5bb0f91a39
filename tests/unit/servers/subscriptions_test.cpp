#include "servers/hub/subscriptions.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "tests/unit/servers/events.hpp"

namespace pushlab::server {
namespace {

Subscription names(std::string_view parameter) {
  Subscription subscription;
  add_names(subscription, parameter);
  return subscription;
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
  Subscriptions table;
  table.add(0, names("a"));
  table.add(1, names("a,b"));
  table.add(2, names("*"));
  table.add(3, names("a,*"));
  EXPECT_EQ(set_of(table.of("a")), (std::set<Slot>{0, 1}));
  EXPECT_EQ(set_of(table.of("b")), (std::set<Slot>{1}));
  EXPECT_EQ(set_of(table.of("c")), (std::set<Slot>{}));
  EXPECT_EQ(set_of(table.all()), (std::set<Slot>{2, 3}));
}

TEST(Subscriptions, forgets_a_name_with_its_last_subscriber) {
  Subscriptions table;
  table.add(0, names("a,b"));
  table.add(1, names("b"));
  EXPECT_EQ(table.names(), 2U);
  table.remove(0);
  EXPECT_EQ(table.names(), 1U);
  table.remove(1);
  EXPECT_EQ(table.names(), 0U);
}

TEST(Subscriptions, removing_an_unknown_slot_does_nothing) {
  Subscriptions table;
  table.remove(7);
  table.add(1, names("a"));
  table.remove(7);
  table.remove(0);
  EXPECT_EQ(set_of(table.of("a")), (std::set<Slot>{1}));
}

TEST(Subscriptions, agrees_with_a_plain_map_over_ten_thousand_random_steps) {
  std::mt19937 random{1};
  std::vector<std::string> const topics{"a", "b", "c", "d", "*"};
  Subscriptions table;
  std::map<Slot, Subscription> expected;
  for (int step = 0; step < 10'000; ++step) {
    auto const slot = static_cast<Slot>(random() % 40);
    if (expected.erase(slot) > 0) {
      table.remove(slot);
    } else {
      std::string parameter;
      for (auto n = random() % 4; n > 0; --n) parameter += topics[random() % topics.size()] + ",";
      expected[slot] = names(parameter);
      table.add(slot, expected[slot]);
    }
    auto const& topic = topics[random() % 4];
    std::set<Slot> by_name, by_star;
    for (auto const& [known, subscription] : expected) {
      if (subscription.all)
        by_star.insert(known);
      else if (subscription.covers(topic))
        by_name.insert(known);
    }
    ASSERT_EQ(set_of(table.of(topic)), by_name) << "step " << step;
    ASSERT_EQ(set_of(table.all()), by_star) << "step " << step;
  }
}

}  // namespace
}  // namespace pushlab::server

#include "servers/net/deadlines.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace pushlab::server {
namespace {

using Tick = Deadlines::Tick;

std::vector<Slot> expired_at(Deadlines& deadlines, Tick tick) {
  std::vector<Slot> expired;
  deadlines.tick(tick, [&](Slot slot) { expired.push_back(slot); });
  return expired;
}

TEST(Deadlines, expire_at_their_tick_once) {
  Deadlines deadlines;
  deadlines.set(3, 5);
  EXPECT_TRUE(expired_at(deadlines, 4).empty());
  EXPECT_EQ(expired_at(deadlines, 5), std::vector<Slot>{3});
  EXPECT_TRUE(expired_at(deadlines, 2000).empty());
}

TEST(Deadlines, can_be_moved_later) {
  Deadlines deadlines;
  deadlines.set(0, 5);
  deadlines.set(0, 9);
  EXPECT_TRUE(expired_at(deadlines, 8).empty());
  EXPECT_EQ(expired_at(deadlines, 9), std::vector<Slot>{0});
}

TEST(Deadlines, can_be_moved_sooner) {
  Deadlines deadlines;
  deadlines.set(0, 9);
  deadlines.set(0, 5);
  EXPECT_EQ(expired_at(deadlines, 5), std::vector<Slot>{0});
  EXPECT_TRUE(expired_at(deadlines, 20).empty());
}

TEST(Deadlines, can_be_cleared_and_set_again) {
  Deadlines deadlines;
  deadlines.set(0, 5);
  deadlines.clear(0);
  EXPECT_TRUE(expired_at(deadlines, 6).empty());
  deadlines.set(0, 8);
  EXPECT_EQ(expired_at(deadlines, 8), std::vector<Slot>{0});
  deadlines.clear(99);
}

TEST(Deadlines, may_lie_further_away_than_the_wheel_is_round) {
  Deadlines deadlines;
  deadlines.set(0, 5000);
  EXPECT_TRUE(expired_at(deadlines, 4999).empty());
  EXPECT_EQ(expired_at(deadlines, 5000), std::vector<Slot>{0});
}

TEST(Deadlines, may_be_set_anew_by_who_is_told) {
  Deadlines deadlines;
  deadlines.set(0, 1);
  std::vector<Tick> told;
  for (Tick tick = 1; tick <= 10; ++tick)
    deadlines.tick(tick, [&](Slot) {
      told.push_back(tick);
      deadlines.set(0, tick + 3);
    });
  EXPECT_EQ(told, (std::vector<Tick>{1, 4, 7, 10}));
}

TEST(Deadlines, all_ticks_between_two_calls_are_made_up_for) {
  Deadlines deadlines;
  for (Slot slot = 0; slot < 10; ++slot) deadlines.set(slot, slot + 1);
  EXPECT_EQ(expired_at(deadlines, 10).size(), 10U);
}

// What a long poll does: each answer moves the deadline. A wheel that kept every place would visit
// the slot a million times in the end.
TEST(Deadlines, moving_one_a_million_times_leaves_no_pile) {
  Deadlines deadlines;
  for (int i = 0; i < 1'000'000; ++i) deadlines.set(0, 250 + static_cast<Tick>(i % 2));
  int told = 0;
  deadlines.tick(600, [&](Slot) { ++told; });
  EXPECT_EQ(told, 1);
}

TEST(Deadlines, agree_with_a_plain_map_over_random_steps) {
  std::mt19937 random{7};
  Deadlines deadlines;
  std::map<Slot, Tick> expected;
  for (Tick now = 0; now < 5000; ++now) {
    for (auto steps = random() % 4; steps > 0; --steps) {
      auto const slot = static_cast<Slot>(random() % 20);
      if (random() % 5 == 0) {
        expected.erase(slot);
        deadlines.clear(slot);
      } else {
        auto const due = now + 1 + static_cast<Tick>(random() % (random() % 8 == 0 ? 1500 : 30));
        expected[slot] = due;
        deadlines.set(slot, due);
      }
    }
    auto expired = expired_at(deadlines, now + 1);
    std::sort(expired.begin(), expired.end());
    std::vector<Slot> due;
    for (auto at = expected.begin(); at != expected.end();) {
      auto const is_due = at->second == now + 1;
      if (is_due) due.push_back(at->first);
      at = is_due ? expected.erase(at) : std::next(at);
    }
    ASSERT_EQ(expired, due) << "tick " << now + 1;
  }
}

}  // namespace
}  // namespace pushlab::server

#include "driver/run_plan.hpp"

#include <gtest/gtest.h>

#include <set>

namespace pushlab::driver {
namespace {

TEST(RunPlan, holds_every_target_once_in_each_complete_block) {
  auto const plan = plan_run({3, 3, 1}, 1);
  ASSERT_EQ(plan.size(), 7U);
  std::vector<std::multiset<std::size_t>> blocks(3);
  for (auto const& repetition : plan) blocks.at(repetition.block).insert(repetition.target);
  EXPECT_EQ(blocks[0], (std::multiset<std::size_t>{0, 1, 2}));
  EXPECT_EQ(blocks[1], (std::multiset<std::size_t>{0, 1}));
  EXPECT_EQ(blocks[2], (std::multiset<std::size_t>{0, 1}));
}

TEST(RunPlan, goes_block_by_block_and_counts_the_order) {
  auto const plan = plan_run({2, 2, 2}, 5);
  for (std::size_t i = 0; i < plan.size(); ++i) {
    EXPECT_EQ(plan[i].block, i / 3);
    EXPECT_EQ(plan[i].order, i % 3);
  }
}

TEST(RunPlan, is_the_same_for_the_same_seed_only) {
  auto const order = [](std::uint64_t seed) {
    std::vector<std::size_t> targets;
    for (auto const& repetition : plan_run(std::vector<unsigned>(8, 4), seed))
      targets.push_back(repetition.target);
    return targets;
  };
  EXPECT_EQ(order(7), order(7));
  EXPECT_NE(order(7), order(8));
}

TEST(RunPlan, puts_every_target_into_every_place_over_many_blocks) {
  std::vector<std::set<std::size_t>> seen(3);
  for (auto const& repetition : plan_run({40, 40, 40}, 3))
    seen.at(repetition.order).insert(repetition.target);
  for (auto const& targets : seen) EXPECT_EQ(targets.size(), 3U);
}

TEST(RunPlan, is_empty_without_targets) {
  EXPECT_TRUE(plan_run({}, 1).empty());
}

}  // namespace
}  // namespace pushlab::driver

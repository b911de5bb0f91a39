#include "results/ratio.hpp"

#include <gtest/gtest.h>

#include "results/target_figures.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::results {
namespace {

// Each repetition of `mean` ms has a level of its own, that far from it.
TargetFigures figures(double mean, double spread, std::uint32_t repetitions, std::uint64_t seed) {
  sample::Plan const plan{20, 40, repetitions, 10, 0, seed};
  auto level = std::make_shared<double>(mean);
  auto left = std::make_shared<std::uint32_t>(0);
  sample::Target const target{"a", "A", "sse", [=](sample::Random& random, double) {
                                if ((*left)++ % (plan.clients * plan.events) == 0)
                                  *level = mean * (1 + spread * random.normal());
                                return *level;
                              }};
  return target_figures(sample::result(plan, {target}).at("targets").at(0).as_object());
}

std::size_t joint(TargetFigures const& above, TargetFigures const& below) {
  constexpr std::string_view id = "latency_p50_ms";
  return joint_repetitions(above[id], above.repetitions, below[id], below.repetitions);
}

TEST(Ratio, of_targets_with_as_many_repetitions_rests_on_so_many) {
  EXPECT_EQ(joint(figures(1, 0.1, 5, 1), figures(9, 0.1, 5, 2)), 5U);
}

TEST(Ratio, is_not_made_vague_by_the_few_repetitions_of_a_target_that_hardly_varies) {
  auto const steady = figures(5000, 0.001, 2, 3);
  auto const other = figures(4, 0.1, 5, 4);
  EXPECT_GE(joint(steady, other), 4U);
  auto const ratio =
      paired_ratio(steady["latency_p50_ms"], other["latency_p50_ms"], joint(steady, other));
  ASSERT_TRUE(ratio && ratio->p);
  EXPECT_LT(*ratio->p, 0.001);
}

TEST(Ratio, is_as_vague_as_the_few_repetitions_of_a_target_that_varies) {
  EXPECT_EQ(joint(figures(4, 0.2, 2, 5), figures(4, 0.001, 5, 6)), 2U);
  EXPECT_EQ(joint(figures(4, 0.2, 1, 5), figures(4, 0.001, 5, 6)), 1U);
}

}  // namespace
}  // namespace pushlab::results

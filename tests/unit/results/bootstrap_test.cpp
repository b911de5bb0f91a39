#include "results/bootstrap.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "results/sample.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::results {
namespace {

TEST(Sample, gives_weighted_quantiles_of_what_was_drawn) {
  Sample sample;
  sample.add(1, 1, 0);
  sample.add(3, 3, 1);
  sample.add(2, 1, 0);
  sample.seal();
  std::vector<double> const qs{0.2, 0.4, 0.5, 1};
  EXPECT_EQ(sample.quantiles(qs, std::vector<std::uint32_t>{1, 1}),
            (std::vector<double>{1, 2, 3, 3}));
  EXPECT_EQ(sample.quantiles(qs, std::vector<std::uint32_t>{2, 0}),
            (std::vector<double>{1, 1, 1, 2}));
  EXPECT_TRUE(std::isnan(sample.quantiles(qs, std::vector<std::uint32_t>{0, 0})[0]));
}

TEST(Resampler, draws_as_many_events_as_the_drawn_repetitions_have) {
  Resampler resampler({5, 7, 0}, Level::both);
  for (int i = 0; i < 100; ++i) {
    Draw const draw = resampler.next();
    EXPECT_EQ(std::accumulate(draw.repetitions.begin(), draw.repetitions.end(), 0U), 3U);
    EXPECT_EQ(std::accumulate(draw.events.begin(), draw.events.begin() + 5, 0U),
              5 * draw.repetitions[0]);
    EXPECT_EQ(std::accumulate(draw.events.begin() + 5, draw.events.end(), 0U),
              7 * draw.repetitions[1]);
  }
}

TEST(Resampler, draws_the_same_for_the_same_shape) {
  Resampler one({9, 9}, Level::both);
  Resampler other({9, 9}, Level::both);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(one.next().events, other.next().events);
}

TEST(Resampler, keeps_every_repetition_when_only_events_are_drawn) {
  Resampler resampler({4, 4, 4}, Level::events);
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(resampler.next().repetitions, (std::vector<std::uint32_t>{1, 1, 1}));
}

// The mean of n repetitions of a known normal distribution, 300 times over: how often is the truth
// in the interval?
double coverage(std::size_t repetitions) {
  sample::Random random(11);
  int covered = 0;
  constexpr int bootstrap_trials = 300;
  for (int trial = 0; trial < bootstrap_trials; ++trial) {
    std::vector<double> values(repetitions);
    for (double& value : values) value = 10 + random.normal();
    Resampler resampler(Shape(repetitions, 0), Level::both);
    double const mean =
        std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(repetitions);
    Replicates replicates{{}, std::vector<double>(300, mean)};
    for (int i = 0; i < 300; ++i) {
      Draw const draw = resampler.next();
      double const sum =
          std::inner_product(values.begin(), values.end(), draw.repetitions.begin(), 0.0);
      replicates.both.push_back(sum / static_cast<double>(repetitions));
    }
    auto const range = interval(mean, replicates, repetitions);
    covered += range && range->lo <= 10 && 10 <= range->hi;
  }
  return static_cast<double>(covered) / bootstrap_trials;
}

TEST(Interval, holds_the_truth_about_as_often_as_it_says) {
  for (std::size_t repetitions : {3U, 5U, 10U}) {
    EXPECT_GT(coverage(repetitions), 0.90) << repetitions << " repetitions";
    EXPECT_LE(coverage(repetitions), 0.995) << repetitions << " repetitions";
  }
}

TEST(Interval, is_not_stretched_where_events_explain_the_spread) {
  sample::Random random(3);
  Replicates replicates;
  for (int i = 0; i < 2000; ++i) {
    replicates.both.push_back(100 + random.normal());
    replicates.events.push_back(100 + random.normal());
  }
  auto const range = interval(100, replicates, 3);
  ASSERT_TRUE(range);
  EXPECT_NEAR(range->lo, 98.04, 0.25);
  EXPECT_NEAR(range->hi, 101.96, 0.25);
}

TEST(Interval, does_not_exist_for_one_repetition_without_events) {
  EXPECT_FALSE(interval(5, {std::vector<double>(50, 5.0), std::vector<double>(50, 5.0)}, 1));
}

TEST(Interval, is_open_upwards_when_replicates_lost_deliveries) {
  std::vector<double> both(100, 5.0);
  std::fill(both.begin() + 90, both.end(), std::numeric_limits<double>::infinity());
  auto const range = interval(5, {both, both}, 3);
  ASSERT_TRUE(range);
  EXPECT_NEAR(range->lo, 5, 1e-9);
  EXPECT_TRUE(std::isinf(range->hi));
}

TEST(Interval, does_not_exist_for_what_has_no_value) {
  EXPECT_FALSE(interval(std::numeric_limits<double>::infinity(), {{1, 2}, {1, 2}}, 3));
  EXPECT_FALSE(interval(std::numeric_limits<double>::quiet_NaN(), {{}, {}}, 0));
}

}  // namespace
}  // namespace pushlab::results

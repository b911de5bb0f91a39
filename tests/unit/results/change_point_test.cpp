#include "results/change_point.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/unit/results/sample_result.hpp"

namespace pushlab::results {
namespace {

using Series = std::vector<double>;

// `levels` with noise of 3 % of each, by normal numbers.
Series noisy(Series levels, std::uint64_t seed, double noise = 0.03) {
  sample::Random random(seed);
  for (double& level : levels) level *= 1 + noise * random.normal();
  return levels;
}

Series steps(std::vector<std::pair<std::size_t, double>> const& segments) {
  Series levels;
  for (auto const& [length, level] : segments) levels.insert(levels.end(), length, level);
  return levels;
}

TEST(ChangePoints, find_a_step_in_noise_at_its_place) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    auto const found = change_points(noisy(steps({{30, 10}, {15, 11.2}}), seed));
    ASSERT_EQ(found.size(), 1U) << "seed " << seed;
    EXPECT_NEAR(static_cast<double>(found[0].index), 30, 1) << "seed " << seed;
    EXPECT_NEAR(found[0].change, 0.12, 0.03);
    EXPECT_NEAR(found[0].after, 11.2, 0.3);
    EXPECT_LE(found[0].p, 0.001);
  }
}

TEST(ChangePoints, find_two_steps_and_one_that_goes_back) {
  for (auto const& [second, third] : {std::pair(12.0, 14.0), {12.0, 10.0}}) {
    auto const found = change_points(noisy(steps({{20, 10}, {20, second}, {20, third}}), 7));
    ASSERT_EQ(found.size(), 2U) << third;
    EXPECT_EQ(found[0].index, 20U);
    EXPECT_EQ(found[1].index, 40U);
    EXPECT_GT(found[0].change, 0);
    EXPECT_EQ(found[1].change > 0, third > second);
  }
}

TEST(ChangePoints, find_steps_far_apart_in_a_series_longer_than_the_window) {
  auto const found = change_points(noisy(steps({{90, 10}, {70, 12}, {40, 9}}), 3));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].index, 90U);
  EXPECT_NEAR(static_cast<double>(found[1].index), 160, 1);
}

TEST(ChangePoints, find_the_newest_change_once_it_has_six_values) {
  EXPECT_TRUE(change_points(noisy(steps({{30, 10}, {1, 12}}), 2)).empty());
  auto const found = change_points(noisy(steps({{30, 10}, {6, 12}}), 2));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].index, 30U);
}

// One outlier is no new level.
TEST(ChangePoints, leave_a_single_outlier_alone) {
  Series series = noisy(steps({{40, 10}}), 5);
  series[20] = 40;
  EXPECT_TRUE(change_points(series).empty());
}

// 39 places to split, each at p <= 0.001: at most 3.9 % of the series.
TEST(ChangePoints, report_pure_noise_no_more_often_than_promised) {
  constexpr int seeds = 200;
  for (double noise : {0.1, 0.3}) {  // large enough for the least change of 5 % to hide nothing
    int reported = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed)
      reported += change_points(noisy(steps({{50, 10}}), seed, noise)).empty() ? 0 : 1;
    RecordProperty("reported_at_" + std::to_string(std::lround(noise * 100)), reported);
    EXPECT_LE(reported, 0.039 * seeds) << "noise " << noise;
  }
}

// The longer the series, the more places. What README says of them is recorded here.
TEST(ChangePoints, report_long_series_of_noise_no_more_often_than_their_places_allow) {
  for (std::size_t length : {50U, 100U, 200U}) {
    constexpr int seeds = 1000;
    int reported = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed)
      reported += change_points(noisy(steps({{length, 10}}), seed, 0.2)).empty() ? 0 : 1;
    RecordProperty("reported_of_1000_at_length_" + std::to_string(length), reported);
    EXPECT_LE(reported, 0.001 * static_cast<double>(length) * seeds) << length;
  }
}

TEST(ChangePoints, do_not_find_more_in_noise_with_a_long_tail) {
  int reported = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    sample::Random random(seed);
    Series series;
    for (int i = 0; i < 50; ++i) series.push_back(std::exp(0.5 * random.normal()));
    reported += change_points(series).empty() ? 0 : 1;
  }
  RecordProperty("reported", reported);
  EXPECT_LE(reported, 8);
}

TEST(ChangePoints, are_none_in_a_series_too_short_or_without_values) {
  EXPECT_TRUE(change_points(Series{}).empty());
  EXPECT_TRUE(change_points(steps({{5, 10}, {6, 20}})).empty());
  EXPECT_EQ(change_points(steps({{6, 10}, {6, 20}})).size(), 1U);
}

TEST(ChangePoints, leave_out_what_is_sure_but_small) {
  EXPECT_TRUE(change_points(steps({{20, 100}, {20, 104}})).empty());
  auto const found = change_points(steps({{20, 100}, {20, 106}}));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].p, 0);
  EXPECT_NEAR(found[0].change, 0.06, 1e-9);
}

TEST(ChangePoints, show_a_long_drift_as_steps_in_one_direction_and_a_small_one_not_at_all) {
  auto const drift = [](double by) {
    Series levels;
    for (int i = 0; i < 60; ++i) levels.push_back(10 * (1 + by * i / 59));
    return noisy(levels, 11, 0.01);
  };
  auto const found = change_points(drift(0.4));
  ASSERT_GE(found.size(), 2U);
  for (ChangePoint const& point : found) EXPECT_GE(point.change, 0.05);
  EXPECT_TRUE(change_points(drift(0.04)).empty());
}

TEST(ChangePoints, call_a_count_that_was_nought_infinitely_higher) {
  auto const found = change_points(steps({{10, 0}, {10, 3}}));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(std::isinf(found[0].change));
  EXPECT_TRUE(change_points(steps({{20, 0}})).empty());
}

TEST(ChangePoints, are_the_same_at_every_call) {
  auto const series = noisy(steps({{30, 10}, {30, 11}}), 4, 0.05);
  auto const once = change_points(series);
  auto const again = change_points(series);
  ASSERT_EQ(once.size(), again.size());
  for (std::size_t i = 0; i < once.size(); ++i) EXPECT_EQ(once[i].p, again[i].p);
}

}  // namespace
}  // namespace pushlab::results

#include "loadgen/recorder/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "loadgen/schedule/random.hpp"

namespace pushlab::loadgen {
namespace {

double unit(std::uint64_t index) {
  return random_unit(7, Stream::arrivals, index);
}

double normal(std::uint64_t index) {  // Box-Muller
  return std::sqrt(-2 * std::log(1 - unit(2 * index))) * std::cos(2 * M_PI * unit(2 * index + 1));
}

// The oracle: the value at rank ceil(q * n) of the sorted samples.
void expect_quantiles_within_half_a_percent(std::vector<std::int64_t> samples) {
  Histogram histogram;
  for (auto const sample : samples) histogram.record(sample);
  std::ranges::sort(samples);
  for (double const q : {0.0001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 0.9999, 1.0}) {
    auto const rank = static_cast<std::size_t>(std::ceil(q * double(samples.size()) - 1e-9));
    auto const exact = double(samples[std::max<std::size_t>(1, rank) - 1]);
    auto const found = histogram.quantile(q);
    ASSERT_TRUE(found.has_value());
    EXPECT_NEAR(*found, exact, exact * 0.004) << "q = " << q;
  }
  EXPECT_EQ(double(histogram.min()), double(samples.front()));
  EXPECT_EQ(double(histogram.max()), double(samples.back()));
}

std::vector<std::int64_t> drawn(std::uint64_t count,
                                std::function<double(std::uint64_t)> const& draw) {
  std::vector<std::int64_t> samples;
  for (std::uint64_t i = 0; i < count; ++i) samples.push_back(std::llround(draw(i)));
  return samples;
}

TEST(Histogram, keeps_every_value_within_half_a_percent) {
  for (int shift = 0; shift < 62; ++shift) {
    for (std::int64_t const offset : {-1, 0, 1}) {
      for (auto const value :
           {(std::int64_t{1} << shift) + offset, (std::int64_t{3} << shift) / 2}) {
        if (value < 0) continue;
        auto const bucket = Histogram::bucket_of(static_cast<std::uint64_t>(value));
        EXPECT_NEAR(Histogram::midpoint_of(bucket), double(value), double(value) * 0.004);
      }
    }
  }
}

TEST(Histogram, has_buckets_without_gap_or_overlap) {
  std::size_t last = 0;
  for (std::uint64_t value = 1; value < 1'000'000; ++value) {
    auto const bucket = Histogram::bucket_of(value);
    ASSERT_TRUE(bucket == last || bucket == last + 1) << value;
    last = bucket;
  }
  EXPECT_EQ(Histogram::bucket_of(127), 127U);
  EXPECT_EQ(Histogram::bucket_of(128), 128U);
  EXPECT_EQ(Histogram::bucket_of(255), 255U);
  EXPECT_EQ(Histogram::bucket_of(256), 256U);
  EXPECT_EQ(Histogram::bucket_of(257), 256U);
  EXPECT_EQ(Histogram::bucket_of(1'000'000), 128U * 13 + (1'000'000 >> 12) - 128);
}

TEST(Histogram, agrees_with_sorted_log_normal_samples) {
  expect_quantiles_within_half_a_percent(
      drawn(100'000, [](std::uint64_t i) { return std::exp(13 + 1.5 * normal(i)); }));
}

TEST(Histogram, agrees_with_sorted_uniform_samples) {
  expect_quantiles_within_half_a_percent(
      drawn(100'000, [](std::uint64_t i) { return 1e6 + 9e9 * unit(i); }));
}

TEST(Histogram, agrees_with_sorted_small_samples) {
  expect_quantiles_within_half_a_percent(
      drawn(1000, [](std::uint64_t i) { return 200 * unit(i); }));
}

TEST(Histogram, agrees_with_two_distant_clusters) {
  expect_quantiles_within_half_a_percent(
      drawn(10'001, [](std::uint64_t i) { return i % 100 == 0 ? 5e10 : 1000 + double(i % 7); }));
}

TEST(Histogram, agrees_with_bucket_edges) {
  expect_quantiles_within_half_a_percent(drawn(10'000, [](std::uint64_t i) {
    return std::ldexp(1, static_cast<int>(i % 50)) - double(i % 2);
  }));
}

TEST(Histogram, agrees_with_one_value) {
  expect_quantiles_within_half_a_percent({123'456'789});
}

TEST(Histogram, keeps_negative_durations_as_zero) {
  Histogram histogram;
  histogram.record(-5);
  EXPECT_EQ(histogram.quantile(1), 0.0);
}

TEST(Histogram, has_no_quantile_when_empty) {
  EXPECT_FALSE(Histogram().quantile(0.5).has_value());
  EXPECT_EQ(Histogram().min(), 0U);
}

TEST(Histogram, counts_the_undelivered_as_infinite) {
  Histogram histogram;
  for (int i = 0; i < 90; ++i) histogram.record(1000);
  histogram.add_undelivered(10);
  EXPECT_EQ(histogram.total(), 100U);
  EXPECT_TRUE(histogram.quantile(0.90).has_value());
  EXPECT_FALSE(histogram.quantile(0.91).has_value());
  EXPECT_FALSE(histogram.quantile(1).has_value());
}

TEST(Histogram, merges_exactly_and_in_any_order) {
  Histogram whole;
  std::array<Histogram, 3> parts;
  for (std::uint64_t i = 0; i < 30'000; ++i) {
    auto const value = std::llround(std::exp(10 + 3 * normal(i)));
    whole.record(value);
    parts[i % 3].record(value);
  }
  whole.add_undelivered(5);
  parts[2].add_undelivered(5);
  Histogram forward;
  Histogram backward;
  for (std::size_t i = 0; i < 3; ++i) {
    forward.merge(parts[i]);
    backward.merge(parts[2 - i]);
  }
  for (auto const* merged : {&forward, &backward}) {
    EXPECT_EQ(merged->counts(), whole.counts());
    EXPECT_EQ(merged->total(), whole.total());
    EXPECT_EQ(merged->undelivered(), 5U);
    EXPECT_EQ(merged->min(), whole.min());
    EXPECT_EQ(merged->max(), whole.max());
  }
}

TEST(Histogram, comes_back_from_its_counts) {
  Histogram histogram;
  for (int i = 1; i < 1000; ++i) histogram.record(i * i);
  histogram.add_undelivered(3);
  auto const copy = Histogram::from_counts(histogram.counts(), 3, histogram.min(), histogram.max());
  EXPECT_EQ(copy.total(), histogram.total());
  EXPECT_EQ(copy.quantile(0.9), histogram.quantile(0.9));
  EXPECT_EQ(copy.min(), histogram.min());
}

}  // namespace
}  // namespace pushlab::loadgen

#include "results/histogram.hpp"

#include <gtest/gtest.h>

#include "results/read.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::results {
namespace {

namespace json = boost::json;

TEST(Histogram, keeps_every_value_within_half_a_percent) {
  sample::Random random(7);
  for (int i = 0; i < 10'000; ++i) {
    double const value = std::exp(random.uniform() * 30);
    auto const whole = static_cast<std::uint64_t>(value);
    double const kept = Histogram::midpoint_of(Histogram::bucket_of(whole));
    EXPECT_NEAR(kept, static_cast<double>(whole), 0.005 * static_cast<double>(whole) + 1e-9);
  }
}

TEST(Histogram, follows_the_written_layout) {
  EXPECT_EQ(Histogram::bucket_of(0), 0U);
  EXPECT_EQ(Histogram::bucket_of(127), 127U);
  EXPECT_EQ(Histogram::bucket_of(128), 128U);
  EXPECT_EQ(Histogram::bucket_of(255), 255U);
  EXPECT_EQ(Histogram::bucket_of(256), 256U);  // e = 1: 128 * 2 + (256 >> 1) - 128
  EXPECT_EQ(Histogram::bucket_of(257), 256U);
  EXPECT_EQ(Histogram::bucket_of(1'000'000), 128U * 13 + (1'000'000U >> 12) - 128U);
  EXPECT_EQ(Histogram::bucket_of(~0ULL), 128U * 58 - 1);
}

TEST(Histogram, gives_the_quantiles_of_known_values) {
  Histogram histogram;
  for (std::uint64_t v = 1; v <= 100; ++v) histogram.add(v);
  EXPECT_EQ(histogram.quantile(0), 1);
  EXPECT_EQ(histogram.quantile(0.5), 50);
  EXPECT_EQ(histogram.quantile(0.99), 99);
  EXPECT_EQ(histogram.quantile(1), 100);
}

TEST(Histogram, counts_the_undelivered_as_infinite) {
  Histogram histogram;
  for (std::uint64_t v = 1; v <= 90; ++v) histogram.add(v);
  histogram.add_undelivered(10);
  EXPECT_EQ(histogram.quantile(0.5), 50);
  EXPECT_EQ(histogram.quantile(0.9), 90);
  EXPECT_FALSE(histogram.quantile(0.91));
  EXPECT_FALSE(histogram.quantile(1));
}

TEST(Histogram, is_empty_without_values) {
  EXPECT_FALSE(Histogram{}.quantile(0.5));
}

TEST(Histogram, merges_exactly_in_any_order) {
  Histogram all, odd, even;
  for (std::uint64_t v = 1; v < 5000; v += 3) {
    all.add(v * v);
    (v % 2 == 0 ? even : odd).add(v * v);
  }
  odd.add_undelivered(2);
  even.add_undelivered(3);
  all.add_undelivered(5);
  Histogram left = odd;
  left.merge(even);
  even.merge(odd);
  EXPECT_EQ(left.to_json(), all.to_json());
  EXPECT_EQ(even.to_json(), all.to_json());
}

TEST(Histogram, survives_a_round_trip_through_json) {
  Histogram histogram;
  histogram.add(12'345'678, 9);
  histogram.add(3);
  histogram.add_undelivered(4);
  json::object const written = histogram.to_json();
  EXPECT_EQ(written.at("total").to_number<int>(), 14);
  EXPECT_EQ(Histogram::from_json(written).to_json(), written);
}

TEST(Histogram, refuses_another_layout_with_a_sentence) {
  json::object written = Histogram{}.to_json();
  written["sub_buckets"] = 64;
  EXPECT_THROW(Histogram::from_json(written), ResultError);
  written = Histogram{}.to_json();
  written["counts"] = json::array{json::array{1 << 20, 1}};
  EXPECT_THROW(Histogram::from_json(written), ResultError);
  written["counts"] = json::array{json::array{1, -1}};
  EXPECT_THROW(Histogram::from_json(written), ResultError);
  written.erase("counts");
  EXPECT_THROW(Histogram::from_json(written), ResultError);
}

}  // namespace
}  // namespace pushlab::results

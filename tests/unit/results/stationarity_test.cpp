#include "results/stationarity.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "results/read.hpp"
#include "results/summary.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::results {
namespace {

namespace json = boost::json;

// `count` events, ten a second, with 1 % of noise.
std::vector<TimedValue> series(std::size_t count, std::function<double(double)> const& level) {
  sample::Random random(17);
  std::vector<TimedValue> values;
  for (std::size_t i = 0; i < count; ++i) {
    double const at_s = static_cast<double>(i) / 10;
    values.push_back({at_s, level(at_s) * (1 + 0.01 * random.normal())});
  }
  return values;
}

TEST(Stationarity, is_found_in_a_level_series) {
  auto const found = stationarity(series(200, [](double) { return 5; }));
  EXPECT_EQ(found.stationary, true) << found.reason;
  EXPECT_EQ(found.warmup_cut_s, 0);
}

TEST(Stationarity, is_not_found_in_a_ramp) {
  auto const found = stationarity(series(200, [](double s) { return 5 + 0.1 * s; }));
  EXPECT_EQ(found.stationary, false) << found.reason;
  EXPECT_TRUE(found.reason.starts_with("the halves' medians differ by ")) << found.reason;
}

TEST(Stationarity, is_not_found_after_a_step) {
  EXPECT_EQ(stationarity(series(200, [](double s) { return s < 12 ? 5 : 6; })).stationary, false);
}

TEST(Stationarity, is_not_found_where_half_of_an_event_never_arrived) {
  auto values = series(200, [](double) { return 5; });
  for (std::size_t i = 120; i < 200; ++i) values[i].value = std::numeric_limits<double>::infinity();
  EXPECT_EQ(stationarity(values).stationary, false);
}

TEST(Stationarity, cannot_be_told_from_few_events) {
  auto const found = stationarity(series(40, [](double) { return 5; }));
  EXPECT_FALSE(found.stationary);
  EXPECT_EQ(found.reason, "too short to tell: 4 windows of 10 events, 6 wanted");
  EXPECT_FALSE(stationarity({}).stationary);
}

TEST(WarmUpCut, ends_where_the_level_is_reached) {
  auto const found =
      stationarity(series(200, [](double s) { return 5 * (1 + 2 * std::exp(-s / 0.8)); }));
  ASSERT_TRUE(found.warmup_cut_s);
  EXPECT_GE(*found.warmup_cut_s, 1.5);  // 31 % above the level
  EXPECT_LE(*found.warmup_cut_s, 5);    // 0.4 % above it
}

TEST(WarmUpCut, does_not_exist_where_no_level_is_reached) {
  EXPECT_FALSE(stationarity(series(200, [](double s) { return 5 + 0.5 * s; })).warmup_cut_s);
}

TEST(WarmUpCut, is_said_of_each_repetition_and_remarked_on) {
  sample::Target steady{"sse", "sse", "sse", [](sample::Random&, double) { return 2.0; }};
  json::object result = sample::result({20, 100, 2, 10, 0.01, 1}, {steady});
  auto& rows = result["targets"].at(0).at("repetitions").at(1).at("event_rows").at("rows");
  for (std::size_t i = 0; i < 20; ++i) rows.at(i).at(5) = 9.0;
  summarise(result);
  json::object const& target = result.at("targets").at(0).as_object();
  json::array const& found = array_at(target, "stationarity");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].at("stationary"), true) << found[0];
  EXPECT_EQ(found[0].at("warmup_cut_s").as_double(), 0);
  EXPECT_NEAR(found[1].at("warmup_cut_s").as_double(), 2, 0.6);
  ASSERT_EQ(array_at(target, "remarks").size(), 1U);
  std::string_view const remark = array_at(target, "remarks")[0].as_string();
  EXPECT_TRUE(remark.starts_with("Repetition 2: the first ")) << remark;
  EXPECT_TRUE(remark.ends_with(" s look like warming up; the figures hold them, too.")) << remark;
}

}  // namespace
}  // namespace pushlab::results

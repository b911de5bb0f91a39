#include "results/quantity.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "results/summary.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::results {
namespace {

namespace json = boost::json;
using sample::Plan;
using sample::Random;
using sample::Target;

constexpr Plan small_plan{50, 40, 3, 10, 0.08, 1};

Target noisy(std::string id, double ms) {
  return {id, id, "sse",
          [ms](Random& random, double) { return ms * (1 + 0.1 * random.uniform()); }};
}

json::object two_targets() {
  return sample::result(small_plan, {noisy("slow", 30), noisy("fast", 10)});
}

TEST(Quantity, is_the_same_before_and_after_the_summary) {
  json::object result = two_targets();
  Quantity const before = quantity(result, "slow", "latency_p50_ms");
  summarise(result);
  Quantity const after = quantity(result, "slow", "latency_p50_ms");
  ASSERT_TRUE(before.value && before.lo && before.hi);
  EXPECT_EQ(before.value, after.value);
  EXPECT_EQ(before.lo, after.lo);
  EXPECT_EQ(before.hi, after.hi);
  EXPECT_EQ(before.unit, "ms");
}

TEST(Quantity, of_two_targets_is_a_paired_ratio) {
  json::object const result = two_targets();
  Quantity const ratio = ratio_of(result, "slow", "fast", "latency_p50_ms");
  ASSERT_TRUE(ratio.value && ratio.lo && ratio.hi) << ratio.reason;
  EXPECT_NEAR(*ratio.value, 3, 0.05);
  EXPECT_LE(*ratio.lo, *ratio.value);
  EXPECT_GE(*ratio.hi, *ratio.value);
  EXPECT_LT(*ratio.hi - *ratio.lo, 0.2);
  EXPECT_EQ(ratio.unit, "");
  Quantity const other = ratio_of(result, "fast", "slow", "latency_p50_ms");
  EXPECT_NEAR(*other.value, 1 / 3.0, 0.01);
}

TEST(Quantity, is_infinite_where_deliveries_were_lost) {
  Target lossy = noisy("lossy", 1);
  lossy.lost = 49;
  json::object result = sample::result(small_plan, {lossy, noisy("whole", 1)});
  EXPECT_TRUE(std::isinf(*quantity(result, "lossy", "latency_p99_ms").value));
  EXPECT_TRUE(std::isinf(*ratio_of(result, "lossy", "whole", "latency_p99_ms").lo));
  EXPECT_FALSE(ratio_of(result, "whole", "lossy", "latency_p99_ms").value);
  summarise(result);
  EXPECT_TRUE(std::isinf(*quantity(result, "lossy", "latency_p99_ms").lo));
}

TEST(Quantity, of_a_recovery_that_one_repetition_did_not_reach_is_infinite) {
  json::object result = sample::result(small_plan, {noisy("sse", 1)});
  for (json::value& repetition : result["targets"].at(0).at("repetitions").as_array())
    repetition.as_object()["recovery"] = {{"t50_ms", 800}, {"t95_ms", nullptr}};
  auto& last = result["targets"].at(0).at("repetitions").at(2).as_object();
  last["recovery"].as_object()["t95_ms"] = 900;
  EXPECT_DOUBLE_EQ(*quantity(result, "sse", "recovery_t50_ms").value, 800);
  EXPECT_TRUE(std::isinf(*quantity(result, "sse", "recovery_t95_ms").lo));
  summarise(result);
  auto const after = quantity(result, "sse", "recovery_t95_ms");
  EXPECT_TRUE(std::isinf(*after.lo));
  EXPECT_TRUE(after.reason.starts_with("not reached")) << after.reason;
  json::object quiet = sample::result(small_plan, {noisy("sse", 1)});
  for (json::value& repetition : quiet["targets"].at(0).at("repetitions").as_array())
    repetition.as_object()["recovery"] = nullptr;
  EXPECT_FALSE(quantity(quiet, "sse", "recovery_t95_ms").value);
}

TEST(Quantity, says_why_there_is_none) {
  json::object result = two_targets();
  for (json::value& repetition : result["targets"].at(0).at("repetitions").as_array()) {
    repetition.as_object().erase("server");
    repetition.as_object()["useless_requests"] = 0;
  }
  EXPECT_EQ(quantity(result, "slow", "server_cpu_us_per_delivery").reason, "not measured");
  EXPECT_EQ(ratio_of(result, "fast", "slow", "server_cpu_us_per_delivery").reason,
            "slow: not measured");
  EXPECT_EQ(ratio_of(result, "fast", "slow", "useless_requests").reason,
            "it is 0 for slow, so there is no ratio");
  EXPECT_EQ(quantity(result, "none", "lost").reason, "there is no target \"none\"");
  EXPECT_EQ(quantity(result, "slow", "speed").reason, "there is no metric \"speed\"");
  EXPECT_EQ(quantity(result, "nchan-sse", "lost").reason,
            "nchan-sse was skipped: nginx is not installed: apt-get install libnginx-mod-nchan");
}

TEST(Quantity, of_an_invalid_target_is_missing) {
  json::object result = two_targets();
  result["targets"].at(0).at("repetitions").at(1).as_object()["error"] = "the server died";
  EXPECT_EQ(quantity(result, "slow", "latency_p50_ms").reason,
            "slow was not measured validly: repetition 2: the server died");
  EXPECT_FALSE(ratio_of(result, "fast", "slow", "latency_p50_ms").value);
}

json::object with_late_generator(std::int64_t duplicates) {
  json::object result = two_targets();
  auto& repetition = result["targets"].at(0).at("repetitions").at(1).as_object();
  repetition["generator"].as_object()["valid"] = false;
  repetition["duplicates"] = duplicates;
  result["targets"].at(0).at("repetitions").at(2).as_object()["generator"].as_object()["valid"] =
      false;
  return result;
}

TEST(Quantity, of_none_stands_though_the_load_generator_was_late) {
  json::object result = with_late_generator(0);
  for (int pass = 0; pass < 2; ++pass, summarise(result)) {
    EXPECT_EQ(quantity(result, "slow", "lost").value, 0);
    EXPECT_EQ(quantity(result, "slow", "duplicates").value, 0);
    EXPECT_FALSE(quantity(result, "slow", "latency_p50_ms").value);
  }
}

TEST(Quantity, of_some_may_be_the_late_load_generators) {
  json::object result = with_late_generator(1);
  EXPECT_FALSE(quantity(result, "slow", "duplicates").value);
  result = with_late_generator(0);
  result["targets"].at(0).at("repetitions").at(0).as_object()["error"] = "the server died";
  EXPECT_FALSE(quantity(result, "slow", "duplicates").value);
}

TEST(Quantity, has_no_interval_from_one_repetition_without_events) {
  Plan plan = small_plan;
  plan.repetitions = 1;
  json::object const result = sample::result(plan, {noisy("a", 10), noisy("b", 20)});
  Quantity const ratio = ratio_of(result, "b", "a", "server_cpu_us_per_delivery");
  EXPECT_TRUE(ratio.value);
  EXPECT_FALSE(ratio.lo);
  EXPECT_TRUE(ratio.once);
  EXPECT_EQ(ratio.reason, "one repetition: nothing says how much runs differ");
}

}  // namespace
}  // namespace pushlab::results

#include "loadgen/recorder/self_watch.hpp"

#include <gtest/gtest.h>

namespace pushlab::loadgen {
namespace {

SelfFacts healthy() {
  return {0.5, 1.0, 1e5, 5e6};
}

// The one reason that the facts give; "" when there is none or more than one.
std::string only_reason(SelfFacts const& facts) {
  auto const reasons = invalid_reasons(facts);
  return reasons.size() == 1 ? reasons.front() : "";
}

TEST(SelfWatch, passes_a_healthy_run) {
  EXPECT_TRUE(invalid_reasons(healthy()).empty());
}

TEST(SelfWatch, trips_when_the_core_is_used_up) {
  auto facts = healthy();
  facts.cpu_share = 0.9;
  EXPECT_TRUE(invalid_reasons(facts).empty());
  facts.cpu_share = 0.95;
  EXPECT_NE(only_reason(facts).find("used 95 % of its core"), std::string::npos);
}

TEST(SelfWatch, trips_when_too_few_events_were_sent) {
  auto facts = healthy();
  facts.send_rate = 0.97;
  EXPECT_TRUE(invalid_reasons(facts).empty());
  facts.send_rate = 0.9;
  EXPECT_NE(only_reason(facts).find("Only 90.0 % of the planned events"), std::string::npos);
}

TEST(SelfWatch, trips_when_events_leave_late) {
  auto facts = healthy();
  facts.lag_p99_ns = 2.5e6;
  EXPECT_TRUE(invalid_reasons(facts).empty());
  facts.lag_p99_ns = 2.6e6;
  EXPECT_NE(only_reason(facts).find("left 2.60 ms late"), std::string::npos);
}

TEST(SelfWatch, forgives_a_lag_below_half_a_millisecond) {
  auto facts = healthy();
  facts.latency_p50_ns = 1e5;
  facts.lag_p99_ns = 4.9e5;
  EXPECT_TRUE(invalid_reasons(facts).empty());
}

TEST(SelfWatch, does_not_blame_itself_for_what_was_not_delivered) {
  auto facts = healthy();
  facts.latency_p50_ns = std::nullopt;
  facts.lag_p99_ns = 1e9;
  EXPECT_TRUE(invalid_reasons(facts).empty());
}

}  // namespace
}  // namespace pushlab::loadgen

#include "loadgen/recorder/recorder.hpp"

#include <gtest/gtest.h>

#include "loadgen/loop/clock.hpp"
#include "loadgen/worker/assembly.hpp"

namespace pushlab::loadgen {
namespace {

constexpr std::int64_t start = 1000 * ns_per_s;
constexpr std::int64_t ms = 1'000'000;

// Ten clients of one name; event i is meant for start + i s and leaves 1 ms late.
class RecorderTest : public testing::Test {
 protected:
  RecorderTest() {
    plan_.clients = 10;
    for (std::size_t i = 0; i < log_.size(); ++i) {
      log_[i].intended = start + static_cast<std::int64_t>(i) * ns_per_s;
      log_[i].sent = log_[i].intended + ms;
      log_[i].answered = log_[i].sent + ms;
    }
    recorder_.set_measured(start + ns_per_s, start + 5 * ns_per_s);
  }

  std::int64_t after(std::uint32_t event, std::int64_t delay) {
    return log_[event].intended + delay;
  }

  LoadPlan plan_ = [] {
    LoadPlan plan;
    plan.clients = 10;
    return plan;
  }();
  Subscriptions subscriptions_{plan_};
  ArrivalPlan arrivals_;
  Audience audience_{plan_, arrivals_, subscriptions_};
  EventLog log_{6};
  DeliveryCheck check_{subscriptions_, arrivals_, audience_, 0, 10};
  Recorder recorder_{log_, check_, false};
};

TEST_F(RecorderTest, measures_from_the_intended_time_and_from_the_send) {
  recorder_.delivered(0, 2, after(2, 5 * ms));
  EXPECT_NEAR(*recorder_.latency().median(), 5e6, 2e4);
  EXPECT_NEAR(*recorder_.latency_from_send().median(), 4e6, 2e4);
}

TEST_F(RecorderTest, records_only_the_measured_phase) {
  recorder_.delivered(0, 0, after(0, ms));
  recorder_.delivered(0, 5, after(5, ms));
  EXPECT_EQ(recorder_.counts().delivered, 2U);
  EXPECT_EQ(recorder_.counts().measured, 0U);
  EXPECT_EQ(recorder_.latency().total(), 0U);
}

TEST_F(RecorderTest, traces_first_median_ninetieth_and_last) {
  for (std::uint64_t i = 0; i < 10; ++i) {
    recorder_.delivered(i, 1, after(1, static_cast<std::int64_t>(i + 1) * ms));
  }
  auto const& trace = recorder_.traces()[1];
  EXPECT_EQ(trace.first_ns, 1 * ms);
  EXPECT_EQ(trace.p50_ns, 5 * ms);
  EXPECT_EQ(trace.p90_ns, 9 * ms);
  EXPECT_EQ(trace.last_ns, 10 * ms);
}

TEST_F(RecorderTest, leaves_percentiles_open_that_were_not_delivered) {
  for (std::uint64_t i = 0; i < 6; ++i) recorder_.delivered(i, 1, after(1, ms));
  auto const& trace = recorder_.traces()[1];
  EXPECT_EQ(trace.delivered, 6U);
  EXPECT_EQ(trace.p50_ns, ms);
  EXPECT_EQ(trace.p90_ns, -1);
  EXPECT_EQ(trace.last_ns, -1);
}

TEST_F(RecorderTest, sorts_deliveries_by_the_second_of_the_intended_time) {
  recorder_.delivered(0, 1, after(1, 3 * ns_per_s));
  recorder_.delivered(0, 4, after(4, ms));
  EXPECT_EQ(recorder_.seconds().size(), 4U);
  EXPECT_EQ(recorder_.seconds()[0].total(), 1U);
  EXPECT_EQ(recorder_.seconds()[3].total(), 1U);
}

TEST_F(RecorderTest, calls_disorder_only_what_the_server_could_have_ordered) {
  recorder_.delivered(0, 2, after(2, 2 * ns_per_s));
  recorder_.delivered(0, 1, after(1, 4 * ns_per_s));
  EXPECT_EQ(recorder_.counts().out_of_order, 1U);
  log_[3].answered = log_[4].sent + 1;  // both were under way at once
  recorder_.delivered(0, 4, after(4, ms));
  recorder_.delivered(0, 3, after(4, 2 * ms));
  EXPECT_EQ(recorder_.counts().out_of_order, 1U);
}

TEST_F(RecorderTest, ignores_events_that_were_never_sent) {
  log_[3].sent = 0;
  recorder_.delivered(0, 3, after(3, ms));
  recorder_.delivered(0, 77, after(3, ms));
  EXPECT_EQ(recorder_.counts().delivered, 0U);
}

TEST_F(RecorderTest, counts_duplicates) {
  recorder_.delivered(0, 1, after(1, ms));
  recorder_.delivered(0, 1, after(1, 2 * ms));
  EXPECT_EQ(recorder_.counts().duplicates, 1U);
  EXPECT_EQ(recorder_.latency().total(), 1U);
}

TEST_F(RecorderTest, takes_a_snapshot_for_all_events_up_to_the_one_it_shows) {
  EXPECT_TRUE(recorder_.shown(0, 3, after(3, ms)));
  EXPECT_EQ(recorder_.counts().delivered, 4U);
  EXPECT_FALSE(recorder_.shown(0, 3, after(3, 2 * ms)));
  EXPECT_FALSE(recorder_.shown(0, 1, after(3, 2 * ms)));
  EXPECT_TRUE(recorder_.shown(0, 4, after(4, ms)));
  EXPECT_EQ(recorder_.counts().delivered, 5U);
  EXPECT_EQ(recorder_.counts().duplicates, 0U);
}

TEST_F(RecorderTest, takes_a_snapshot_for_what_was_missed_before_a_live_event_came) {
  recorder_.delivered(0, 0, after(0, ms));
  recorder_.delivered(0, 3, after(3, ms));
  EXPECT_FALSE(recorder_.shown(0, 3, after(3, 2 * ms)));
  EXPECT_EQ(recorder_.counts().delivered, 4U);
  EXPECT_EQ(recorder_.counts().duplicates, 0U);
  EXPECT_EQ(recorder_.counts().out_of_order, 0U);
}

TEST_F(RecorderTest, tells_when_an_event_is_complete) {
  std::uint32_t told = 99;
  recorder_.when_complete([&](std::uint32_t event) { told = event; });
  for (std::uint64_t i = 0; i < 9; ++i) recorder_.delivered(i, 2, after(2, ms));
  EXPECT_EQ(told, 99U);
  recorder_.delivered(9, 2, after(2, ms));
  EXPECT_EQ(told, 2U);
}

TEST(EventTrace, merges_to_the_same_as_one_worker_would_have_found) {
  EventTrace a;
  EventTrace b;
  a.samples = {10, 30, 50, 70, 90};
  b.samples = {20, 40, 60, 80};
  a.delivered = 5;
  b.delivered = 4;
  auto const all = merged(a, b, 10);
  EXPECT_EQ(all.delivered, 9U);
  EXPECT_EQ(all.first_ns, 10);
  EXPECT_EQ(all.p50_ns, 50);
  EXPECT_EQ(all.p90_ns, 90);
  EXPECT_EQ(all.last_ns, -1);
  EXPECT_EQ(merged(a, b, 9).last_ns, 90);
}

}  // namespace
}  // namespace pushlab::loadgen

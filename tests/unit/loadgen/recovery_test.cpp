#include "loadgen/recorder/recovery.hpp"

#include <gtest/gtest.h>

#include "loadgen/client/backoff.hpp"
#include "loadgen/schedule/subscriptions.hpp"

namespace pushlab::loadgen {
namespace {

constexpr std::int64_t at = 1000;

LoadPlan two_clients() {
  LoadPlan plan;
  plan.clients = 2;
  return plan;
}

// Two clients of one name, ten events; the disruption comes at 1000 ns.
struct TheRecovery : testing::Test {
  void accepted(std::size_t event, std::int64_t at_ns) {
    log[event].intended = at_ns - 10;
    log[event].sent = at_ns - 5;
    log[event].answered = at_ns;
  }
  void refused(std::size_t event, std::int64_t at_ns) { log[event].intended = at_ns; }
  void deliver(std::uint64_t client, std::uint32_t event, std::int64_t at_ns) {
    check.deliver(client, event);
    recovery.delivered(client, at_ns);
  }

  LoadPlan plan = two_clients();
  ArrivalPlan arrivals = compile_arrivals(plan);
  Subscriptions subscriptions{plan};
  Audience audience{plan, arrivals, subscriptions};
  EventLog log{10};
  DeliveryCheck check{subscriptions, arrivals, audience, 0, 2};
  Recovery recovery{log, check};
};

TEST_F(TheRecovery, counts_nothing_when_none_is_expected) {
  recovery.cut(0, 2000);
  recovery.tries(0);
  recovery.stands(0, 2000, 2100);
  EXPECT_TRUE(recovery.tally().after_ns.empty());
  EXPECT_EQ(recovery.tally().attempts, 0U);
}

TEST_F(TheRecovery, takes_a_stream_that_was_not_cut_for_never_away) {
  recovery.expect(at, false);
  recovery.cut(0, 1100);
  EXPECT_EQ(recovery.tally().after_ns, (std::vector<std::int64_t>{-1, 0}));
  EXPECT_EQ(recovery.tally().down_ns, 100);
}

TEST_F(TheRecovery, counts_attempts_and_those_that_failed) {
  recovery.expect(at, false);
  recovery.cut(0, 1100);
  recovery.tries(0);
  recovery.cut(0, 1200);
  recovery.tries(0);
  recovery.stands(0, 1250, 1300);
  recovery.tries(1);  // was not away
  auto const tally = recovery.tally();
  EXPECT_EQ(tally.attempts, 2U);
  EXPECT_EQ(tally.failed_attempts, 1U);
  EXPECT_EQ(tally.up_ns, 300);
  EXPECT_EQ(tally.after_ns, (std::vector<std::int64_t>{300, 0}));
}

TEST_F(TheRecovery, is_over_only_with_the_newest_event_that_was_accepted_since) {
  accepted(0, 900);
  recovery.expect(at, false);
  recovery.cut(0, 1100);
  refused(1, 1150);
  accepted(2, 1200);
  accepted(3, 1250);
  recovery.stands(0, 1300, 1310);
  EXPECT_EQ(recovery.tally().after_ns[0], -1);
  deliver(0, 2, 1400);
  EXPECT_EQ(recovery.tally().after_ns[0], -1);
  deliver(0, 3, 1500);
  EXPECT_EQ(recovery.tally().after_ns[0], 500);
}

TEST_F(TheRecovery, does_not_wait_for_what_was_accepted_before_and_died_with_the_server) {
  accepted(0, 900);
  recovery.expect(at, false);
  recovery.cut(0, 1100);
  recovery.stands(0, 1300, 1310);
  EXPECT_EQ(recovery.tally().after_ns[0], 310);
}

TEST_F(TheRecovery, begins_anew_when_the_client_is_cut_again) {
  recovery.expect(at, false);
  recovery.cut(0, 1100);
  recovery.stands(0, 1300, 1310);
  recovery.cut(0, 1400);
  EXPECT_EQ(recovery.tally().after_ns[0], -1);
  recovery.stands(0, 1500, 1510);
  EXPECT_EQ(recovery.tally().after_ns[0], 510);
  EXPECT_EQ(recovery.tally().up_ns, 310) << "the first";
}

TEST_F(TheRecovery, believes_a_poll_only_an_answer_to_what_was_asked_since) {
  recovery.expect(at, true);
  recovery.stands(0, 950, 1050);
  EXPECT_EQ(recovery.tally().after_ns[0], -1);
  recovery.stands(0, 1060, 1070);
  EXPECT_EQ(recovery.tally().after_ns[0], 70);
  EXPECT_EQ(recovery.tally().up_ns, -1) << "it was never cut";
}

TEST(RecoveredBy, is_the_time_of_the_last_one_of_the_share) {
  std::vector<std::int64_t> after{30, -1, 10, 20};
  recovery_order(after);
  EXPECT_EQ(recovered_by(after, 0.5), 20);
  EXPECT_EQ(recovered_by(after, 0.75), 30);
  EXPECT_EQ(recovered_by(after, 1), -1) << "one has not";
  EXPECT_EQ(recovered_by({}, 0.5), -1);
}

TEST(Backoff, never_comes_sooner_than_asked_and_differs_by_client) {
  std::int64_t least = INT64_MAX;
  std::int64_t most = 0;
  for (std::uint32_t client = 0; client < 1000; ++client) {
    auto const wait = backoff_ns(1, client, 0, 1000);
    least = std::min(least, wait);
    most = std::max(most, wait);
  }
  EXPECT_GE(least, 1'000'000'000);
  EXPECT_LE(least, 1'010'000'000);
  EXPECT_GE(most, 1'490'000'000);
  EXPECT_LE(most, 1'500'000'000);
}

TEST(Backoff, doubles_with_each_failure_up_to_eight_times_and_ten_seconds) {
  auto const base = [](unsigned failures, std::int64_t asked_ms) {
    std::int64_t least = INT64_MAX;
    for (std::uint32_t client = 0; client < 1000; ++client)
      least = std::min(least, backoff_ns(1, client, failures, asked_ms));
    return static_cast<double>(least) / 1e9;
  };
  EXPECT_NEAR(base(1, 500), 1, 0.01);
  EXPECT_NEAR(base(2, 500), 2, 0.02);
  EXPECT_NEAR(base(200, 500), 4, 0.04);
  EXPECT_NEAR(base(3, 5000), 10, 0.1);
}

}  // namespace
}  // namespace pushlab::loadgen

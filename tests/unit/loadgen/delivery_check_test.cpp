#include "loadgen/recorder/delivery_check.hpp"

#include <gtest/gtest.h>

namespace pushlab::loadgen {
namespace {

using Verdict = DeliveryCheck::Verdict;

LoadPlan plan_of(unsigned clients, unsigned names, unsigned subscriptions) {
  LoadPlan plan;
  plan.clients = clients;
  plan.names = names;
  plan.subscriptions = subscriptions;
  return plan;
}

// A check with all that it looks at, for the clients [first, first + count).
struct Checked {
  Checked(LoadPlan const& given, std::uint64_t first, std::uint64_t count)
      : plan(given), check(subscriptions, arrivals, audience, first, count) {}

  LoadPlan plan;
  ArrivalPlan arrivals = compile_arrivals(plan);
  Subscriptions subscriptions{plan};
  Audience audience{plan, arrivals, subscriptions};
  DeliveryCheck check;
};

TEST(DeliveryCheck, counts_each_pair_once) {
  Checked checked(plan_of(100, 1, 1), 0, 100);
  auto& check = checked.check;
  for (std::uint64_t client = 0; client < 100; ++client) {
    auto const outcome = check.deliver(client, 3);
    EXPECT_EQ(outcome.verdict, Verdict::first_time);
    EXPECT_EQ(outcome.count, client + 1);
  }
  EXPECT_EQ(check.delivered(3), 100U);
  EXPECT_EQ(check.delivered(2), 0U);
  EXPECT_EQ(check.expected(3), 100U);
}

TEST(DeliveryCheck, finds_duplicates_before_and_after_an_event_is_complete) {
  Checked checked(plan_of(70, 1, 1), 0, 70);
  auto& check = checked.check;
  check.deliver(65, 0);
  EXPECT_EQ(check.deliver(65, 0).verdict, Verdict::duplicate);
  for (std::uint64_t client = 0; client < 70; ++client) check.deliver(client, 0);
  EXPECT_EQ(check.delivered(0), 70U);
  EXPECT_EQ(check.deliver(1, 0).verdict, Verdict::duplicate);
  EXPECT_EQ(check.delivered(0), 70U);
}

TEST(DeliveryCheck, finds_an_event_that_was_overtaken) {
  Checked checked(plan_of(2, 1, 1), 0, 2);
  auto& check = checked.check;
  EXPECT_FALSE(check.deliver(0, 5).overtaken_by);
  auto const late = check.deliver(0, 4);
  EXPECT_EQ(late.verdict, Verdict::first_time);
  EXPECT_EQ(late.overtaken_by, 5U);
  EXPECT_FALSE(check.deliver(0, 6).overtaken_by);
  EXPECT_FALSE(check.deliver(1, 4).overtaken_by);
}

TEST(DeliveryCheck, judges_order_by_name) {
  Checked checked(plan_of(1, 2, 2), 0, 1);
  auto& check = checked.check;
  check.deliver(0, 5);
  EXPECT_FALSE(check.deliver(0, 4).overtaken_by);
  EXPECT_EQ(check.newest(0, 0), 4U);
  EXPECT_EQ(check.newest(0, 1), 5U);
}

TEST(DeliveryCheck, knows_who_is_entitled) {
  Checked checked(plan_of(4, 4, 1), 0, 4);
  auto& check = checked.check;
  EXPECT_EQ(check.expected(7), 1U);
  EXPECT_EQ(check.deliver(0, 7).verdict, Verdict::unentitled);
  EXPECT_EQ(check.deliver(3, 7).verdict, Verdict::first_time);
}

TEST(DeliveryCheck, looks_after_its_share_of_the_clients) {
  Checked checked(plan_of(10, 2, 1), 6, 4);
  auto& check = checked.check;
  EXPECT_EQ(check.expected(0), 2U);
  EXPECT_EQ(check.deliver(8, 0).verdict, Verdict::first_time);
  EXPECT_EQ(check.deliver(6, 0).count, 2U);
}

TEST(DeliveryCheck, expects_nothing_of_who_is_away_and_nothing_of_slow_readers) {
  auto plan = plan_of(50, 1, 1);
  plan.arrivals = Arrivals::fixed;
  plan.churn_session_s = 1;
  plan.churn_pause_s = 0.3;
  plan.slow_readers = 0.1;
  Checked checked(plan, 0, 50);
  std::uint64_t away = 0;
  for (std::uint32_t event = 0; event < checked.arrivals.intended_ns.size(); ++event) {
    std::uint64_t here = 0;
    for (std::uint64_t client = 0; client < 50; ++client) {
      if (checked.check.is_absent(client, event)) {
        ++away;
      } else if (!checked.audience.is_slow(client)) {
        ++here;
      }
    }
    EXPECT_EQ(checked.check.expected(event), here);
    EXPECT_EQ(checked.audience.expected(event), here);
  }
  EXPECT_EQ(checked.audience.slow_readers(), 5U);
  EXPECT_GT(away, 0U);
}

TEST(DeliveryCheck, knows_what_a_snapshot_passed_over) {
  Checked checked(plan_of(1, 1, 1), 0, 1);
  checked.check.pass_over(0, 4);
  EXPECT_EQ(checked.check.newest(0, 0), 4U);
  checked.check.pass_over(0, 2);
  EXPECT_EQ(checked.check.newest(0, 0), 4U);
  EXPECT_EQ(checked.check.delivered(4), 0U);
}

}  // namespace
}  // namespace pushlab::loadgen

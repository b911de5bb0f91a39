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

TEST(DeliveryCheck, counts_each_pair_once) {
  Subscriptions const subscriptions(plan_of(100, 1, 1));
  DeliveryCheck check(subscriptions, 0, 100, 1);
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
  Subscriptions const subscriptions(plan_of(70, 1, 1));
  DeliveryCheck check(subscriptions, 0, 70, 1);
  check.deliver(65, 0);
  EXPECT_EQ(check.deliver(65, 0).verdict, Verdict::duplicate);
  for (std::uint64_t client = 0; client < 70; ++client) check.deliver(client, 0);
  EXPECT_EQ(check.delivered(0), 70U);
  EXPECT_EQ(check.deliver(1, 0).verdict, Verdict::duplicate);
  EXPECT_EQ(check.delivered(0), 70U);
}

TEST(DeliveryCheck, finds_an_event_that_was_overtaken) {
  Subscriptions const subscriptions(plan_of(2, 1, 1));
  DeliveryCheck check(subscriptions, 0, 2, 1);
  EXPECT_FALSE(check.deliver(0, 5).overtaken_by);
  auto const late = check.deliver(0, 4);
  EXPECT_EQ(late.verdict, Verdict::first_time);
  EXPECT_EQ(late.overtaken_by, 5U);
  EXPECT_FALSE(check.deliver(0, 6).overtaken_by);
  EXPECT_FALSE(check.deliver(1, 4).overtaken_by);
}

TEST(DeliveryCheck, judges_order_by_name) {
  Subscriptions const subscriptions(plan_of(1, 2, 2));
  DeliveryCheck check(subscriptions, 0, 1, 2);
  check.deliver(0, 5);
  EXPECT_FALSE(check.deliver(0, 4).overtaken_by);
  EXPECT_EQ(check.newest(0, 0), 4U);
  EXPECT_EQ(check.newest(0, 1), 5U);
}

TEST(DeliveryCheck, knows_who_is_entitled) {
  Subscriptions const subscriptions(plan_of(4, 4, 1));
  DeliveryCheck check(subscriptions, 0, 4, 4);
  EXPECT_EQ(check.expected(7), 1U);
  EXPECT_EQ(check.deliver(0, 7).verdict, Verdict::unentitled);
  EXPECT_EQ(check.deliver(3, 7).verdict, Verdict::first_time);
}

TEST(DeliveryCheck, looks_after_its_share_of_the_clients) {
  Subscriptions const subscriptions(plan_of(10, 2, 1));
  DeliveryCheck check(subscriptions, 6, 4, 2);
  EXPECT_EQ(check.expected(0), 2U);
  EXPECT_EQ(check.deliver(8, 0).verdict, Verdict::first_time);
  EXPECT_EQ(check.deliver(6, 0).count, 2U);
}

}  // namespace
}  // namespace pushlab::loadgen

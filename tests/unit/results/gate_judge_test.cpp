#include "results/gate_judge.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace pushlab::results {
namespace {

GateRules rules_of(double tolerance, double limit) {
  GateRules rules;
  rules.metrics = {{"event_p50_ms", "Event", "ms", tolerance, limit}};
  return rules;
}

// As many restarts as a gate may take; the restarts' values spread by `sd`.
std::vector<GateRestart> restarts_of(double effect, double sd, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> noise(std::log1p(effect), sd);
  std::vector<GateRestart> restarts(15);
  for (auto& restart : restarts) {
    auto const d = noise(random);
    restart.values["event_p50_ms"] = {1, std::exp(d), d};
  }
  return restarts;
}

GatedMetric first(GateRules const& rules, std::vector<GateRestart> const& restarts) {
  return judge(rules, restarts).front();
}

int failures(GateRules const& rules, double effect, double sd, int gates) {
  int failed = 0;
  for (int gate = 0; gate < gates; ++gate)
    failed +=
        first(rules, restarts_of(effect, sd, std::uint64_t(gate) + 1)).verdict == GateVerdict::fail;
  return failed;
}

TEST(GateJudge, fails_less_than_alpha_of_the_gates_without_a_change_whatever_the_noise) {
  // Without a tolerance, so that the looks alone hold the rate; 40 is the mean, 64 four deviations
  // above it.
  for (auto const sd : {0.002, 0.02, 0.2})
    EXPECT_LE(failures(rules_of(0, 10), 0, sd, 4000), 64) << sd;
}

TEST(GateJudge, fails_no_gate_whose_change_is_tolerated) {
  EXPECT_LE(failures(rules_of(0.02, 0.05), 0.02, 0.007, 1000), 24);
}

TEST(GateJudge, catches_eight_percent_at_the_first_look_when_the_machine_is_quiet) {
  auto const rules = rules_of(0.02, 0.05);
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    auto const metric = first(rules, restarts_of(0.08, 0.007, seed));
    EXPECT_EQ(metric.verdict, GateVerdict::fail) << seed;
    EXPECT_EQ(metric.restarts, 5U);
    EXPECT_NEAR(*metric.effect, 0.08, 0.02);
    EXPECT_LT(*metric.low, *metric.effect);
  }
}

TEST(GateJudge, passes_what_is_surely_below_the_limit) {
  auto const metric = first(rules_of(0.02, 0.05), restarts_of(0, 0.007, 3));
  EXPECT_EQ(metric.verdict, GateVerdict::pass);
  EXPECT_LT(*metric.high, 0.05);
  EXPECT_EQ(*metric.base, 1);
}

TEST(GateJudge, leaves_open_what_all_looks_cannot_tell) {
  auto const rules = rules_of(0.02, 0.05);
  auto const restarts = restarts_of(0.03, 0.3, 1);
  auto const metrics = judge(rules, restarts);
  EXPECT_EQ(metrics.front().verdict, GateVerdict::undecided);
  EXPECT_EQ(metrics.front().restarts, 15U);
  EXPECT_FALSE(goes_on(rules, metrics, restarts.size(), false));
  EXPECT_EQ(verdict_of(metrics), GateVerdict::undecided);
}

TEST(GateJudge, looks_only_when_it_said_it_would) {
  auto const rules = rules_of(0.02, 0.05);
  auto restarts = restarts_of(0.5, 0.007, 1);
  restarts.resize(4);
  auto const early = judge(rules, restarts);
  EXPECT_EQ(early.front().verdict, GateVerdict::undecided);
  EXPECT_FALSE(early.front().effect);
  EXPECT_TRUE(goes_on(rules, early, restarts.size(), false));
}

TEST(GateJudge, keeps_what_an_earlier_look_decided) {
  auto restarts = restarts_of(0, 0.005, 7);
  for (std::size_t i = 5; i < restarts.size(); ++i)
    restarts[i].values["event_p50_ms"] = {1, 2, std::log(2)};
  auto const metric = first(rules_of(0.02, 0.05), restarts);
  EXPECT_EQ(metric.verdict, GateVerdict::pass);
  EXPECT_EQ(metric.restarts, 5U);
}

TEST(GateJudge, goes_on_after_a_failure_only_when_asked_for_everything) {
  auto rules = rules_of(0.02, 0.05);
  rules.metrics.push_back({"cpu_us_per_delivery", "CPU", "us", 0.02, 0.05});
  auto restarts = restarts_of(0.5, 0.007, 1);
  restarts.resize(5);
  for (std::size_t i = 0; i < 5; ++i) {
    auto const d = i % 2 == 0 ? 0.2 : -0.2;
    restarts[i].values["cpu_us_per_delivery"] = {1, std::exp(d), d};
  }
  auto const metrics = judge(rules, restarts);
  ASSERT_EQ(metrics.size(), 3U);
  EXPECT_EQ(metrics[1].verdict, GateVerdict::undecided);
  EXPECT_FALSE(goes_on(rules, metrics, 5, false));
  EXPECT_TRUE(goes_on(rules, metrics, 5, true));
}

TEST(GateJudge, fails_at_once_for_one_lost_delivery_at_head) {
  auto restarts = restarts_of(0, 0.005, 1);
  restarts.resize(1);
  restarts[0].faults["lost"] = {0, 1};
  auto const metrics = judge(rules_of(0.02, 0.05), restarts);
  EXPECT_EQ(metrics.back().id, "faults");
  EXPECT_EQ(metrics.back().verdict, GateVerdict::fail);
  EXPECT_EQ(metrics.back().reason, "1 lost at head");
  EXPECT_EQ(verdict_of(metrics), GateVerdict::fail);
}

TEST(GateJudge, forgives_what_base_alone_lost) {
  auto restarts = restarts_of(0, 0.005, 1);
  restarts[0].faults["lost"] = {3, 0};
  EXPECT_EQ(judge(rules_of(0.02, 0.05), restarts).back().verdict, GateVerdict::pass);
}

GateRestart refused_restart(std::uint64_t base, std::uint64_t head) {
  GateRestart restart;
  add_refused(restart, 200, base, head);
  return restart;
}

TEST(GateJudge, fails_a_head_that_alone_refuses_clients_in_two_restarts) {
  auto const restarts = restarts_of(0, 0.005, 1);
  auto const rules = rules_of(0.02, 0.05);
  std::vector<GateRestart> discarded{refused_restart(0, 50)};
  EXPECT_EQ(judge(rules, restarts, discarded).back().verdict, GateVerdict::pass);
  EXPECT_FALSE(head_is_at_fault(discarded[0]));
  discarded.push_back(refused_restart(0, 50));
  auto const metric = judge(rules, {}, discarded).back();
  EXPECT_EQ(metric.verdict, GateVerdict::fail);
  EXPECT_EQ(metric.head, 100);
  EXPECT_EQ(metric.reason,
            "head: 50 of 200 clients could not connect, all of base could (in 2 restarts)");
}

TEST(GateJudge, blames_head_for_no_refusal_that_base_had_too) {
  std::vector<GateRestart> const discarded{refused_restart(0, 50), refused_restart(1, 50),
                                           refused_restart(50, 0), refused_restart(50, 0)};
  EXPECT_EQ(judge(rules_of(0.02, 0.05), {}, discarded).back().verdict, GateVerdict::pass);
}

TEST(GateJudge, does_not_stop_before_there_was_a_look) {
  auto const rules = rules_of(0.02, 0.05);
  std::vector<GateRestart> const invalid(1);
  EXPECT_TRUE(goes_on(rules, judge(rules, {}, invalid), 0, false));
}

// ---- The tail

GatedMetric tail_of(std::uint64_t only_base, std::uint64_t only_head, std::uint64_t pairs) {
  GateRules rules;
  rules.metrics = {{"stalled_events", "Stalls", "share", 0.01, 0.03}};
  std::vector<GateRestart> restarts(5);
  restarts[0].stalls = {pairs, only_base, only_head, only_base, only_head};
  return first(rules, restarts);
}

TEST(GateJudge, catches_two_percent_of_events_that_stall_only_at_head) {
  EXPECT_EQ(tail_of(1, 40, 2000).verdict, GateVerdict::fail);
}

TEST(GateJudge, lets_stalls_pass_that_hit_both_sides_alike) {
  EXPECT_EQ(tail_of(50, 61, 2000).verdict, GateVerdict::pass);
  EXPECT_EQ(tail_of(0, 0, 2000).verdict, GateVerdict::pass);
}

TEST(GateJudge, does_not_call_a_tail_good_that_it_cannot_see) {
  EXPECT_EQ(tail_of(300, 330, 2000).verdict, GateVerdict::undecided);
}

TEST(GateJudge, fails_few_tails_without_a_change) {
  std::mt19937_64 random(1);
  std::binomial_distribution<std::uint64_t> stalls(2000, 0.1);
  int failed = 0;
  for (int gate = 0; gate < 2000; ++gate)
    failed += tail_of(stalls(random), stalls(random), 2000).verdict == GateVerdict::fail;
  EXPECT_LE(failed, 6);
}

}  // namespace
}  // namespace pushlab::results

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "loadgen/schedule/arrival_plan.hpp"
#include "loadgen/schedule/subscriptions.hpp"

namespace pushlab::loadgen {
namespace {

LoadPlan plan_of(Arrivals arrivals, double rate, double measure_s, std::uint64_t seed = 1) {
  LoadPlan plan;
  plan.arrivals = arrivals;
  plan.rate = rate;
  plan.warmup_s = 1;
  plan.measure_s = measure_s;
  plan.seed = seed;
  return plan;
}

using Times = std::vector<std::int64_t>;

TEST(ArrivalPlan, is_the_same_to_the_nanosecond_for_the_same_seed) {
  auto const times = compile_arrivals(plan_of(Arrivals::poisson, 10, 15, 42)).intended_ns;
  ASSERT_GE(times.size(), 4U);
  EXPECT_EQ(Times(times.begin(), times.begin() + 4),
            (Times{86068053, 127577500, 434868607, 521860074}));
  EXPECT_EQ(times, compile_arrivals(plan_of(Arrivals::poisson, 10, 15, 42)).intended_ns);
}

TEST(ArrivalPlan, differs_for_another_seed) {
  EXPECT_NE(compile_arrivals(plan_of(Arrivals::poisson, 10, 15, 1)).intended_ns,
            compile_arrivals(plan_of(Arrivals::poisson, 10, 15, 2)).intended_ns);
}

TEST(ArrivalPlan, spaces_fixed_events_evenly) {
  auto const times = compile_arrivals(plan_of(Arrivals::fixed, 3, 1)).intended_ns;
  EXPECT_EQ(times, (Times{166666667, 500000000, 833333333, 1166666667, 1500000000, 1833333333}));
}

TEST(ArrivalPlan, groups_bursts_at_the_mean_rate) {
  auto plan = plan_of(Arrivals::bursts, 20, 9);
  plan.burst_size = 5;
  auto const times = compile_arrivals(plan).intended_ns;
  EXPECT_EQ(times.size(), 200U);
  EXPECT_EQ(std::set<std::int64_t>(times.begin(), times.end()).size(), 40U);
  EXPECT_EQ(times[0], times[4]);
  EXPECT_EQ(times[5] - times[4], 250'000'000);
}

TEST(ArrivalPlan, keeps_the_mean_rate_of_poisson) {
  auto const times = compile_arrivals(plan_of(Arrivals::poisson, 1000, 99)).intended_ns;
  EXPECT_NEAR(double(times.size()), 100'000, 5 * std::sqrt(100'000));
  EXPECT_TRUE(std::ranges::is_sorted(times));
}

TEST(ArrivalPlan, draws_exponential_gaps) {
  auto const times = compile_arrivals(plan_of(Arrivals::poisson, 1000, 99)).intended_ns;
  std::vector<double> gaps;
  std::int64_t last = 0;
  for (auto const at : times) gaps.push_back(double(at - std::exchange(last, at)) * 1e-9);
  std::ranges::sort(gaps);
  double distance = 0;  // Kolmogorov-Smirnov
  auto const n = double(gaps.size());
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    auto const theory = 1 - std::exp(-1000 * gaps[i]);
    distance = std::max(
        {distance, std::abs(theory - double(i) / n), std::abs(theory - double(i + 1) / n)});
  }
  EXPECT_LT(distance * std::sqrt(n), 1.63);  // p > 0.01
}

TEST(ArrivalPlan, tells_warm_up_from_measure) {
  auto const arrivals = compile_arrivals(plan_of(Arrivals::fixed, 10, 2));
  EXPECT_EQ(arrivals.phase_of(999'999'999), EventPhase::warm_up);
  EXPECT_EQ(arrivals.phase_of(1'000'000'000), EventPhase::measure);
  EXPECT_LT(arrivals.intended_ns.back(), arrivals.measure_end_ns);
}

TEST(ArrivalPlan, leaves_lockstep_open) {
  EXPECT_TRUE(compile_arrivals(plan_of(Arrivals::lockstep, 10, 2)).intended_ns.empty());
}

TEST(Subscriptions, spreads_names_evenly) {
  LoadPlan plan;
  plan.clients = 100;
  plan.names = 7;
  plan.subscriptions = 3;
  Subscriptions const subscriptions(plan);
  std::uint64_t sum = 0;
  for (unsigned name = 0; name < 7; ++name) {
    EXPECT_NEAR(double(subscriptions.subscribers(name)), 300.0 / 7, 1);
    sum += subscriptions.subscribers(name);
  }
  EXPECT_EQ(sum, 300U);
  EXPECT_EQ(subscriptions.joined(0), "t0,t1,t2");
  EXPECT_EQ(subscriptions.joined(2), "t6,t0,t1");
}

TEST(Subscriptions, follow_zipf_without_repetition) {
  LoadPlan plan;
  plan.clients = 5000;
  plan.names = 100;
  plan.subscriptions = 1;
  plan.popularity = Popularity::zipf;
  plan.zipf_exponent = 1;
  Subscriptions const single(plan);
  double harmonic = 0;
  for (int k = 1; k <= 100; ++k) harmonic += 1.0 / k;
  std::vector<std::uint64_t> counts;
  for (unsigned name = 0; name < 100; ++name) counts.push_back(single.subscribers(name));
  EXPECT_LT(counts[0], 500U);  // ranks are scrambled
  std::ranges::sort(counts, std::greater<>());
  EXPECT_NEAR(double(counts[0]), 5000 / harmonic, 150);
  EXPECT_NEAR(double(counts[9]), 500 / harmonic, 60);

  plan.subscriptions = 100;
  plan.clients = 3;
  plan.zipf_exponent = 10;
  Subscriptions const all(plan);
  for (unsigned client = 0; client < 3; ++client) {
    auto const names = all.of(client);
    EXPECT_EQ(std::set<std::uint32_t>(names.begin(), names.end()).size(), 100U);
  }
}

}  // namespace
}  // namespace pushlab::loadgen

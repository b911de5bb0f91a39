// Is there a difference where there is none? Targets made of the same noise, many times over.
#include "results/comparison.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "results/metric.hpp"
#include "results/sample.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::results {
namespace {

using sample::Random;

constexpr std::string_view simulated_metric = "event_median_ms";
constexpr std::uint32_t events_each = 30;

struct Noise {
  double block, repetition, event;  // standard deviations of the logarithm
};

// What the blocks do to every target, drawn once.
std::vector<double> block_effects(Random& random, std::size_t repetitions, Noise const& noise) {
  std::vector<double> effects(repetitions);
  for (double& effect : effects) effect = noise.block * random.normal();
  return effects;
}

std::vector<double> resampled(Sample const& sample, Shape const& shape, Level level) {
  std::vector<double> values;
  std::vector<double> const half{0.5};
  Resampler resampler(shape, level);
  for (int i = 0; i < 300; ++i)
    values.push_back(sample.quantiles(half, resampler.next().events)[0]);
  return values;
}

Contender simulated(std::string id, double factor, std::vector<double> const& blocks,
                    Noise const& noise, Random& random) {
  Sample sample;
  std::uint32_t unit = 0;
  for (double block : blocks) {
    double const level = block + noise.repetition * random.normal();
    for (std::uint32_t e = 0; e < events_each; ++e)
      sample.add(factor * std::exp(level + noise.event * random.normal()), 1, unit++);
  }
  sample.seal();
  Shape const shape(blocks.size(), events_each);
  std::vector<double> const half{0.5};
  TargetFigures figures;
  figures.repetitions = blocks.size();
  figures.figures.assign(metrics().size(),
                         {std::numeric_limits<double>::quiet_NaN(), {}, {}, "not measured"});
  figures.figures[static_cast<std::size_t>(&metric(simulated_metric) - metrics().data())] = {
      sample.quantiles(half, everything_once(shape).events)[0],
      {},
      {resampled(sample, shape, Level::both), resampled(sample, shape, Level::events)},
      ""};
  return {id, id, true, std::move(figures)};
}

// The share of the trials in which at least one of `count` equal targets looks worse, be it within
// the bounds of equality or not.
double false_alarms(std::size_t count, std::size_t repetitions, Noise const& noise, int trials) {
  Random random(2024 + repetitions);
  int alarms = 0;
  for (int trial = 0; trial < trials; ++trial) {
    auto const blocks = block_effects(random, repetitions, noise);
    std::vector<Contender> contenders;
    for (std::size_t i = 0; i < count; ++i)
      contenders.push_back(simulated(std::string(1, char('a' + i)), 1, blocks, noise, random));
    auto const comparisons = compare(contenders, simulated_metric);
    alarms += std::ranges::any_of(comparisons, [](Comparison const& c) { return *c.p <= 0.05; });
  }
  return alarms / static_cast<double>(trials);
}

TEST(ComparisonOfATargetWithItself, finds_a_difference_in_few_trials_only) {
  for (std::size_t repetitions : {3U, 5U, 10U}) {
    EXPECT_LE(false_alarms(2, repetitions, {0.2, 0.15, 0.2}, 300), 0.075) << repetitions;
    EXPECT_LE(false_alarms(2, repetitions, {0.2, 0, 0.2}, 300), 0.075) << repetitions;
  }
}

TEST(ComparisonOfATargetWithItself, stays_that_rare_among_many_equal_ones) {
  EXPECT_LE(false_alarms(5, 3, {0.2, 0.15, 0.2}, 150), 0.075);
  EXPECT_LE(false_alarms(5, 7, {0.2, 0.15, 0.2}, 150), 0.075);
}

TEST(Comparison, of_sums_needs_as_many_repetitions) {
  auto const contender = [](char const* id, std::uint32_t repetitions) {
    sample::Target const target{.id = id,
                                .title = id,
                                .strategy = "sse",
                                .latency_ms = [](sample::Random&, double) { return 1; },
                                .requests = 2,
                                .useless_share = 0.5};
    auto const result =
        sample::result({.clients = 5, .events = 10, .repetitions = repetitions}, {target});
    return Contender{id, id, true, target_figures(result.at("targets").at(0).as_object())};
  };
  EXPECT_EQ(compare({contender("a", 3), contender("b", 3)}, "useless_requests").size(), 1U);
  EXPECT_TRUE(compare({contender("a", 3), contender("b", 2)}, "useless_requests").empty());
  EXPECT_EQ(compare({contender("a", 3), contender("b", 2)}, "useless_per_client_hour").size(), 1U);
}

Comparison compared(double factor, Noise const& noise, std::size_t repetitions) {
  Random random(7);
  auto const blocks = block_effects(random, repetitions, noise);
  std::vector<Contender> contenders;
  contenders.push_back(simulated("one", 1, blocks, noise, random));
  contenders.push_back(simulated("other", factor, blocks, noise, random));
  return compare(contenders, simulated_metric).at(0);
}

TEST(Comparison, finds_the_difference_that_is_there) {
  Comparison const comparison = compared(1.5, {0.2, 0.02, 0.1}, 5);
  EXPECT_EQ(comparison.verdict, "worse");
  EXPECT_LT(*comparison.p, 0.001);
}

TEST(Comparison, proves_equality_by_the_narrower_interval) {
  Comparison const comparison = compared(1.02, {0.2, 0.01, 0.05}, 5);
  EXPECT_TRUE(comparison.equal);
  EXPECT_EQ(comparison.verdict, "equal within 10 %");
}

TEST(Comparison, proves_nothing_from_much_noise) {
  Comparison const comparison = compared(1.02, {0.2, 0.3, 0.3}, 3);
  EXPECT_FALSE(comparison.equal);
  EXPECT_EQ(comparison.verdict, "cannot be told apart");
}

}  // namespace
}  // namespace pushlab::results

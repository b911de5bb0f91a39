#include "results/scalability.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace pushlab::results {
namespace {

using Model = Scalability::Model;

double truth(double n, double gamma, double alpha, double beta) {
  return gamma * n / (1 + alpha * (n - 1) + beta * n * (n - 1));
}

std::vector<CapacityPoint> measured(std::vector<double> const& counts, double alpha, double beta,
                                    double noise, unsigned seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  std::vector<CapacityPoint> points;
  for (double const n : counts) {
    double const x = truth(n, 1000, alpha, beta);
    points.push_back({n, x * (1 + noise * normal(random)), x * std::max(noise, 0.001)});
  }
  return points;
}

bool holds(Parameter const& parameter, double value) {
  return parameter.lo <= value && value <= parameter.hi;
}

TEST(Scalability, recovers_an_exact_curve) {
  Scalability const fit(measured({1, 2, 4, 8, 16, 32}, 0.03, 0.002, 0, 1));
  ASSERT_EQ(fit.model(), Model::universal);
  EXPECT_NEAR(fit.gamma().value, 1000, 1e-6);
  EXPECT_NEAR(fit.alpha().value, 0.03, 1e-9);
  EXPECT_NEAR(fit.beta().value, 0.002, 1e-9);
  EXPECT_NEAR(fit.at(12).capacity->value, truth(12, 1000, 0.03, 0.002), 1e-6);
}

TEST(Scalability, recovers_a_noisy_curve_within_its_intervals) {
  int alpha = 0, beta = 0, universal = 0;
  for (unsigned seed = 0; seed < 40; ++seed) {
    Scalability const fit(measured({1, 2, 4, 8, 16, 32}, 0.05, 0.003, 0.02, seed));
    universal += fit.model() == Model::universal;
    alpha += holds(fit.alpha(), 0.05);
    beta += holds(fit.beta(), 0.003);
  }
  EXPECT_GE(universal, 38);
  EXPECT_GE(alpha, 34);
  EXPECT_GE(beta, 34);
}

TEST(Scalability, falls_back_to_amdahl_when_beta_may_be_zero) {
  Scalability const fit(measured({1, 2, 3, 4}, 0.1, 0, 0.02, 3));
  ASSERT_EQ(fit.model(), Model::amdahl);
  EXPECT_NE(fit.sentence().find("These cores cannot identify beta"), std::string::npos);
  EXPECT_EQ(fit.beta().value, 0);
  EXPECT_TRUE(holds(fit.alpha(), 0.1)) << fit.alpha().lo << ' ' << fit.alpha().hi;
}

TEST(Scalability, never_gives_a_negative_parameter) {
  // Better than linear: the nearest curve is the straight line.
  Scalability const fit({{1, 100, 1}, {2, 220, 2}, {4, 480, 5}});
  ASSERT_EQ(fit.model(), Model::amdahl);
  EXPECT_EQ(fit.alpha().value, 0);
  EXPECT_EQ(fit.alpha().lo, 0);
}

TEST(Scalability, is_wider_when_the_points_scatter_more_than_they_say) {
  auto points = measured({1, 1, 2, 2, 4, 4}, 0.1, 0, 0.001, 1);
  Scalability const quiet(points);
  for (std::size_t i = 0; i < points.size(); ++i) points[i].x *= i % 2 == 0 ? 1.05 : 0.95;
  Scalability const loud(points);
  EXPECT_GT(loud.gamma().hi - loud.gamma().lo, 5 * (quiet.gamma().hi - quiet.gamma().lo));
}

TEST(Scalability, refuses_a_curve_through_fewer_than_three_counts) {
  Scalability const fit(measured({1, 1, 2, 2}, 0.1, 0.01, 0.01, 1));
  EXPECT_EQ(fit.model(), Model::none);
  EXPECT_NE(fit.sentence().find("The data do not identify a curve"), std::string::npos);
  EXPECT_FALSE(fit.at(2).capacity);
  EXPECT_EQ(fit.at(2).sentence, fit.sentence());
  EXPECT_EQ(Scalability({}).model(), Model::none);
}

TEST(Scalability, refuses_to_look_farther_than_four_times_what_was_measured) {
  Scalability const fit(measured({1, 2, 4}, 0.1, 0.01, 0.001, 1));
  EXPECT_FALSE(fit.at(8).uncertain);
  ASSERT_TRUE(fit.at(9).capacity);
  EXPECT_TRUE(fit.at(9).uncertain);
  EXPECT_FALSE(fit.at(9).sentence.empty());
  EXPECT_TRUE(fit.at(16).capacity);
  EXPECT_FALSE(fit.at(17).capacity);
  EXPECT_NE(fit.at(17).sentence.find("No figure for 17 threads"), std::string::npos);
  EXPECT_FALSE(fit.at(0).capacity);
}

TEST(Scalability, writes_a_refusal_without_a_number) {
  Scalability const fit(measured({1, 2, 4}, 0.1, 0.01, 0.001, 1));
  auto const json = to_json(fit, std::vector<double>{8, 32});
  auto const& predictions = json.at("predictions").as_array();
  EXPECT_TRUE(predictions.at(0).at("capacity").is_object());
  EXPECT_TRUE(predictions.at(1).at("capacity").is_null());
  EXPECT_EQ(json.at("model"), "universal");
}

}  // namespace
}  // namespace pushlab::results

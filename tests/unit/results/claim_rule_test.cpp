#include "results/claim_rule.hpp"

#include <gtest/gtest.h>

namespace pushlab::results {
namespace {

namespace json = boost::json;

Outcome judged(std::string_view word, json::value limit, Interval interval) {
  return Rule::of({{"title", "t"}, {word, std::move(limit)}}).judge(interval);
}

TEST(ClaimRule, an_interval_across_the_limit_and_within_a_tenth_of_it_is_at_the_limit) {
  for (auto const* word : {"below", "above", "at_least", "at_most"}) {
    EXPECT_EQ(judged(word, 2, {1.81, 2.19}), Outcome::border) << word;
    EXPECT_EQ(judged(word, 2, {1.79, 2.19}), Outcome::undecided) << word;
    EXPECT_EQ(judged(word, 2, {1.81, 2.21}), Outcome::undecided) << word;
  }
}

TEST(ClaimRule, what_does_not_reach_the_limit_is_decided_however_near) {
  EXPECT_EQ(judged("below", 2, {1.9, 1.99}), Outcome::confirmed);
  EXPECT_EQ(judged("above", 2, {1.9, 1.99}), Outcome::refuted);
}

TEST(ClaimRule, two_limits_have_no_border) {
  EXPECT_EQ(judged("within", {2, 3}, {1.95, 2.05}), Outcome::undecided);
  EXPECT_EQ(judged("within", {2, 3}, {2.95, 3.05}), Outcome::undecided);
}

TEST(ClaimRule, a_limit_of_zero_has_no_tenth) {
  EXPECT_EQ(judged("above", 0, {-0.01, 0.01}), Outcome::undecided);
}

}  // namespace
}  // namespace pushlab::results

// Claims whose targets were measured longer after a first look.

#include <gtest/gtest.h>

#include "results/claims.hpp"
#include "results/quantity.hpp"
#include "results/read.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::results {
namespace {

namespace json = boost::json;

sample::Target noisy(std::string id, double ms) {
  return {id, id, "sse",
          [ms](sample::Random& random, double) { return ms * (1 + 0.5 * random.uniform()); }};
}

json::object ratio_check(std::string_view rule, json::value limit) {
  return {{"title", "slower"}, {"experiment", "load"}, {"metric", "latency_p50_ms"},
          {"target", "slow"},  {"against", "quick"},   {rule, std::move(limit)}};
}

class ExtendedClaims : public testing::Test {
 protected:
  json::object const result =
      sample::result({.clients = 5, .events = 30}, {noisy("slow", 12), noisy("quick", 10)});
  Quantity const first = ratio_of(result, "slow", "quick", "latency_p50_ms");

  json::object judged(json::object check, json::array const& extended) const {
    json::object entry{{"name", "load"}, {"result", result}};
    if (!extended.empty()) entry["extended"] = {{"targets", extended}, {"blocks", 3}};
    json::object decision{{"experiments", {entry}},
                          {"claims", {{{"id", "C01"}, {"checks", {std::move(check)}}}}}};
    judge_claims(decision);
    return decision;
  }
  static json::object check_of(json::object const& decision) {
    return decision.at("claims").at(0).at("checks").at(0).as_object();
  }
};

TEST_F(ExtendedClaims, are_judged_by_a_wider_interval) {
  ASSERT_TRUE(first.lo && first.hi);
  auto const usual = check_of(judged(ratio_check("above", 0.5), {}));
  auto const longer = check_of(judged(ratio_check("above", 0.5), {"quick", "slow"}));
  EXPECT_FALSE(usual.contains("level"));
  EXPECT_EQ(longer.at("level"), 0.975);
  EXPECT_LT(*number_at(longer, "lo"), *number_at(usual, "lo"));
  EXPECT_GT(*number_at(longer, "hi"), *number_at(usual, "hi"));
  EXPECT_NE(text_at(longer, "sentence").find("measured longer, so a 97.5 % interval"),
            std::string::npos)
      << longer;
}

TEST_F(ExtendedClaims, need_both_targets_to_have_been_measured_longer) {
  EXPECT_FALSE(check_of(judged(ratio_check("above", 0.5), {"slow", "other"})).contains("level"));
}

TEST_F(ExtendedClaims, no_longer_confirm_what_lies_between_both_intervals) {
  auto const longer = check_of(judged(ratio_check("above", 0.5), {"quick", "slow"}));
  double const between = (*first.lo + *number_at(longer, "lo")) / 2;
  EXPECT_EQ(check_of(judged(ratio_check("above", between), {})).at("outcome"), "confirmed");
  EXPECT_EQ(check_of(judged(ratio_check("above", between), {"quick", "slow"})).at("outcome"),
            "at the limit");
}

TEST_F(ExtendedClaims, take_equality_from_an_interval_of_95_percent) {
  auto const longer = check_of(judged(ratio_check("within", {0.5, 2}), {"quick", "slow"}));
  auto const& narrow = longer.at("narrow").as_array();
  EXPECT_NEAR(narrow[0].as_double(), *first.lo, 1e-9);
  EXPECT_NEAR(narrow[1].as_double(), *first.hi, 1e-9);
}

TEST_F(ExtendedClaims, name_the_targets_of_undecided_ratios_alone) {
  auto const open = undecided_ratios(judged(ratio_check("within", {*first.value, 9}), {}));
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open.at("load"), (std::set<std::string>{"quick", "slow"}));
  EXPECT_TRUE(undecided_ratios(judged(ratio_check("above", 0.5), {})).empty());
  auto alone = ratio_check("above", *first.value * 12);
  alone.erase("against");
  EXPECT_TRUE(undecided_ratios(judged(alone, {})).empty());
}

TEST_F(ExtendedClaims, do_not_measure_longer_what_was_measured_once) {
  auto once = judged(ratio_check("above", *first.value), {});
  for (auto& target : once.at("experiments").at(0).at("result").at("targets").as_array())
    target.at("repetitions").as_array().resize(1);
  judge_claims(once);
  EXPECT_EQ(check_of(once).at("outcome"), "undecided");
  EXPECT_TRUE(undecided_ratios(once).empty());
}

}  // namespace
}  // namespace pushlab::results

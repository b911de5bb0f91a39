#include "driver/extension.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace pushlab::driver {
namespace {

namespace json = boost::json;

json::object target(std::string_view id, int repetitions) {
  json::array had;
  for (int i = 0; i < repetitions; ++i) had.push_back(json::object{});
  return {{"id", id}, {"repetitions", had}};
}

// Of a, b and c, three repetitions each.
json::object experiment(std::string_view name, double repetition_s) {
  return {{"name", name},
          {"result",
           {{"run", {{"duration_s", 9 * repetition_s}}},
            {"targets", {target("a", 3), target("b", 3), target("c", 3)}}}}};
}

json::object claim(std::string_view experiment, std::string_view verdict = "undecided") {
  return {{"verdict", verdict},
          {"checks",
           {{{"experiment", experiment},
             {"target", "a"},
             {"against", "b"},
             {"outcome", "undecided"},
             {"lo", 0.9},
             {"hi", 1.2}}}}};
}

json::object decision(json::array claims) {
  return {{"experiments", {experiment("dear", 10), experiment("cheap", 1)}},
          {"claims", std::move(claims)}};
}

TEST(Extension, is_at_most_four_times_as_long_as_it_was) {
  auto const plan = plan_extensions(decision({claim("cheap")}), 1000);
  ASSERT_EQ(plan.size(), 1U);
  EXPECT_EQ(plan[0].experiment, 1U);
  EXPECT_EQ(plan[0].targets, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(plan[0].blocks, 12U);
}

TEST(Extension, fits_into_its_time_and_leaves_what_it_does_not_need_to_dearer_ones) {
  // Twelve blocks of 2 s, then two of 20 s in the remaining 40 s.
  auto const plan = plan_extensions(decision({claim("dear"), claim("cheap")}), 64);
  ASSERT_EQ(plan.size(), 2U);
  EXPECT_EQ(plan[0].experiment, 1U);
  EXPECT_EQ(plan[0].blocks, 12U);
  EXPECT_EQ(plan[1].experiment, 0U);
  EXPECT_EQ(plan[1].blocks, 2U);
}

TEST(Extension, is_none_where_no_block_fits_or_nothing_is_undecided) {
  EXPECT_TRUE(plan_extensions(decision({claim("dear")}), 19).empty());
  EXPECT_TRUE(plan_extensions(decision({claim("dear")}), 0).empty());
  EXPECT_TRUE(plan_extensions(decision({claim("dear")}), -60).empty());
  EXPECT_TRUE(plan_extensions(decision({claim("cheap", "depends")}), 1000).empty());
  EXPECT_TRUE(plan_extensions(decision({}), 1000).empty());
}

}  // namespace
}  // namespace pushlab::driver

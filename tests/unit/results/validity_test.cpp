#include "results/validity.hpp"

#include <gtest/gtest.h>

#include "results/format.hpp"
#include "results/summary.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::results {
namespace {

namespace json = boost::json;

// One target, whose repetitions have other latencies each.
json::object run(std::uint32_t repetitions) {
  sample::Target const target{"sse", "SSE", "sse",
                              [](sample::Random& random, double) { return 1 + random.uniform(); }};
  return sample::result({50, 40, repetitions, 10, 0.08, 1}, {target});
}

json::array& repetitions_of(json::object& result) {
  return result.at("targets").at(0).at("repetitions").as_array();
}

void spoil(json::object& result, std::size_t repetition) {
  auto& generator = repetitions_of(result).at(repetition).at("generator").as_object();
  generator["valid"] = false;
  generator["invalid_reasons"] = json::array{"It was late."};
}

json::object const& summarised(json::object& result) {
  summarise(result);
  return result.at("targets").at(0).as_object();
}

std::string median_of(json::object const& target) {
  return json::serialize(figure_of(target, "latency_p50_ms"));
}

TEST(Validity, leaves_one_repetition_of_three_out_that_only_the_generator_spoilt) {
  json::object result = run(3);
  spoil(result, 1);
  json::object const& target = summarised(result);
  EXPECT_TRUE(target.at("valid").as_bool()) << json::serialize(target.at("invalid_reasons"));
  EXPECT_EQ(target.at("remarks").at(0),
            "Repetition 2 was left out, the figures rest on the other 2: It was late.");

  json::object without = run(3);
  repetitions_of(without).erase(repetitions_of(without).begin() + 1);
  EXPECT_EQ(median_of(target), median_of(summarised(without)));
}

TEST(Validity, has_two_thirds_of_the_repetitions_or_is_invalid) {
  json::object most = run(5);
  spoil(most, 0);
  EXPECT_TRUE(summarised(most).at("valid").as_bool());
  spoil(most, 4);
  EXPECT_FALSE(summarised(most).at("valid").as_bool());
  EXPECT_EQ(summarised(most).at("invalid_reasons"),
            (json::array{"repetitions 1 and 5: It was late."}));
  json::object two = run(2);
  spoil(two, 0);
  EXPECT_FALSE(summarised(two).at("valid").as_bool());
}

TEST(Validity, leaves_nothing_out_that_lost_or_failed) {
  for (auto const& [member, value] :
       {std::pair<char const*, json::value>("lost", 1), {"error", "the server died"}}) {
    json::object result = run(3);
    spoil(result, 1);
    repetitions_of(result).at(1).as_object()[member] = value;
    EXPECT_FALSE(summarised(result).at("valid").as_bool()) << member;
    EXPECT_FALSE(repetitions_of(result).at(1).as_object().contains("left_out")) << member;
  }
}

TEST(Validity, knows_what_only_the_generator_speaks_against) {
  json::object result = run(1);
  json::object& repetition = repetitions_of(result).at(0).as_object();
  EXPECT_FALSE(only_generator_spoilt(repetition));
  spoil(result, 0);
  EXPECT_TRUE(only_generator_spoilt(repetition));
  EXPECT_FALSE(only_generator_spoilt({{"block", 0}, {"error", "x"}}));
}

}  // namespace
}  // namespace pushlab::results

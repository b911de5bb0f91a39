#include "results/ceiling.hpp"

#include <gtest/gtest.h>

#include "results/read.hpp"
#include "results/summary.hpp"
#include "results/table.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::results {
namespace {

namespace json = boost::json;

json::object ceiling(double deliveries_per_s, double payload_bytes = 200) {
  return {{"target", "null"},
          {"clients", 50},
          {"payload_bytes", payload_bytes},
          {"deliveries_per_s", deliveries_per_s},
          {"null_client_cpu_us_per_delivery", 2.05},
          {"null_server_cpu_us_per_delivery", 3.0}};
}

sample::Target constant(std::string id, std::string strategy) {
  return {id, id, strategy, [](sample::Random&, double) { return 1.0; }};
}

// 50 clients get ten events a second: 500 deliveries. The generator takes 4.1 us for each.
json::object measured(json::array ceilings) {
  json::object result = sample::result(
      {50, 40, 3, 10, 0.01, 1},
      {constant("null", "sse"), constant("sse", "sse"), constant("polls", "long-poll")});
  result["targets"].at(0).as_object()["base"] = "null";
  result["ceilings"] = std::move(ceilings);
  return result;
}

json::object run(json::array ceilings) {
  json::object result = measured(std::move(ceilings));
  summarise(result);
  return result;
}

json::object const& share(json::object const& result, std::size_t target) {
  return object_at(result.at("targets").at(target).as_object(), "ceiling_share");
}

std::string verdict_of_sse(double deliveries_per_s) {
  return text_at(share(run({ceiling(deliveries_per_s)}), 1), "verdict");
}

TEST(Ceiling, is_suspect_above_seventy_percent_and_the_limit_above_ninety) {
  EXPECT_EQ(ceiling_verdict(0), "ok");
  EXPECT_EQ(ceiling_verdict(0.7), "ok");
  EXPECT_EQ(ceiling_verdict(0.701), "suspect");
  EXPECT_EQ(ceiling_verdict(0.9), "suspect");
  EXPECT_EQ(ceiling_verdict(0.901), "machine-bound");
  EXPECT_EQ(ceiling_verdict(1.5), "machine-bound");
}

TEST(Ceiling, is_set_against_the_deliveries_that_a_target_made) {
  json::object const result = run({ceiling(1000)});
  EXPECT_NEAR(share(result, 1).at("value").as_double(), 0.5, 0.001);
  EXPECT_EQ(verdict_of_sse(1000), "ok");
  EXPECT_EQ(verdict_of_sse(600), "suspect");
  EXPECT_EQ(verdict_of_sse(520), "machine-bound");
}

TEST(Ceiling, says_what_the_generator_takes_beside_the_null_client) {
  json::object const result = run({ceiling(1000)});
  json::object const& found = result.at("ceilings").at(0).as_object();
  EXPECT_NEAR(found.at("generator_cpu_us_per_delivery").as_double(), 4.1, 1e-9);
  EXPECT_NEAR(found.at("generator_ratio").as_double(), 2, 1e-9);
  auto const text = ceiling_sentence(found);
  EXPECT_NE(text.find("50 clients"), std::string::npos) << text;
  EXPECT_NE(text.find("took 1000 deliveries a second of 200 bytes"), std::string::npos) << text;
  EXPECT_NE(text.find("2.00 times as much"), std::string::npos) << text;
}

TEST(Ceiling, knows_no_ratio_when_the_null_server_was_not_measured) {
  json::object result = measured({ceiling(1000)});
  for (json::value& repetition : result["targets"].at(0).at("repetitions").as_array())
    repetition.as_object()["error"] = "it did not start";
  summarise(result);
  EXPECT_TRUE(result.at("ceilings").at(0).at("generator_ratio").is_null());
  auto const text = ceiling_sentence(result.at("ceilings").at(0).as_object());
  EXPECT_EQ(text.find("The load generator took"), std::string::npos) << text;
}

TEST(Ceiling, is_for_streams_that_carry_as_much) {
  EXPECT_FALSE(share(run({ceiling(1000)}), 0).empty());
  EXPECT_TRUE(share(run({ceiling(1000)}), 2).empty());  // it polls
  EXPECT_TRUE(share(run({ceiling(1000, 8000)}), 1).empty());

  json::object sized = measured({ceiling(1000, 8000)});
  sized["targets"].at(1).as_object()["options"] = json::object{{"payload_bytes", 8000}};
  summarise(sized);
  EXPECT_FALSE(share(sized, 1).empty());

  json::object refreshing = measured({ceiling(1000)});
  refreshing["targets"].at(1).as_object()["options"] = json::object{{"refresh", true}};
  summarise(refreshing);
  EXPECT_TRUE(share(refreshing, 1).empty());

  json::object choosy = measured({ceiling(1000)});
  choosy["scenario"].as_object()["names"] = 10;
  summarise(choosy);
  EXPECT_FALSE(share(choosy, 1).empty());
}

TEST(Ceiling, does_not_stay_when_it_is_gone) {
  json::object result = run({ceiling(1000)});
  result.erase("ceilings");
  summarise(result);
  EXPECT_TRUE(share(result, 1).empty());
}

TEST(Ceiling, is_in_the_table_only_when_something_is_wrong) {
  EXPECT_EQ(table(run({ceiling(1000)})).find("ceiling"), std::string::npos);
  EXPECT_EQ(table(run({ceiling(1000)})).find("carries at most"), std::string::npos);
  auto const near = table(run({ceiling(520)}));
  EXPECT_NE(near.find("! sse: 96.2 % of the deliveries that this machine carries at most"),
            std::string::npos)
      << near;
  auto const failed = table(run(
      {json::object{{"target", "null"}, {"payload_bytes", 200}, {"error", "the server ended"}}}));
  EXPECT_NE(failed.find("! The ceiling was not measured (null, notifications of 200 bytes): the "
                        "server ended."),
            std::string::npos)
      << failed;
}

}  // namespace
}  // namespace pushlab::results

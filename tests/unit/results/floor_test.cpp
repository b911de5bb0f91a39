#include "results/floor.hpp"

#include <gtest/gtest.h>

#include "results/read.hpp"
#include "results/summary.hpp"
#include "results/table.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::results {
namespace {

namespace json = boost::json;
using sample::Random;
using sample::Target;

Target constant(std::string id, double ms, double cpu_us) {
  Target target{id, id, "sse", [ms](Random&, double) { return ms; }};
  target.cpu_us = cpu_us;
  return target;
}

json::object with_floor(std::vector<Target> targets, double lag_ms = 0.01) {
  targets.insert(targets.begin(), constant("null", 1, 4));
  json::object result = sample::result({50, 40, 3, 10, lag_ms, 1}, targets);
  result["targets"].at(0).as_object()["base"] = "null";
  summarise(result);
  return result;
}

std::string verdict(json::object const& result, std::size_t target, std::string_view name) {
  return text_at(
      object_at(object_at(result.at("targets").at(target).as_object(), "floor_ratio"), name),
      "verdict");
}

TEST(Floor, never_wins_and_is_the_best_at_nothing) {
  json::object const result = with_floor({constant("sse", 3, 5), constant("websocket", 9, 5)});
  EXPECT_EQ(result.at("answer").at("winners"), (json::array{"sse"}));
  EXPECT_TRUE(result.at("answer").at("excluded").as_array().empty());
  for (json::value const& comparison : result.at("comparisons").as_array()) {
    EXPECT_NE(comparison.at("best"), "null");
    EXPECT_NE(comparison.at("target"), "null");
  }
}

TEST(Floor, carries_as_many_bytes_as_what_stands_above_it) {
  json::object result = sample::result(
      {50, 40, 3, 10, 0.01, 1},
      {constant("null-80", 1, 4), constant("null-8k", 2, 4), constant("sse-80", 3, 5),
       constant("sse-8k", 3, 5), constant("sse-64k", 3, 5)});
  for (int i = 0; i < 5; ++i) {
    auto& target = result["targets"].at(static_cast<std::size_t>(i)).as_object();
    if (i < 2) target["base"] = "null";
    target["options"] = json::object{{"payload_bytes", i == 4 ? 64000 : i % 2 == 1 ? 8000 : 80}};
  }
  summarise(result);
  EXPECT_EQ(verdict(result, 2, "latency_p50_ms"), "fine");
  EXPECT_EQ(verdict(result, 3, "latency_p50_ms"), "near floor");
  EXPECT_EQ(verdict(result, 4, "latency_p50_ms"), "");
}

TEST(Floor, is_none_for_the_cpu_of_answers_that_hold_many_events) {
  auto polling = constant("short-poll", 100, 2);
  polling.strategy = "short-poll";
  json::object const result = with_floor({polling});
  EXPECT_EQ(verdict(result, 1, "latency_p50_ms"), "fine");
  EXPECT_EQ(verdict(result, 1, "server_cpu_us_per_delivery"), "");
}

TEST(Floor, is_the_last_line_of_the_table) {
  std::string const text = table(with_floor({constant("sse", 3, 5)}));
  EXPECT_GT(text.find("\nnull  "), text.find("\nsse  ")) << text;
  EXPECT_NE(text.find(" floor "), std::string::npos) << text;
}

TEST(Floor, says_how_far_above_it_each_target_is) {
  json::object const result =
      with_floor({constant("far", 3, 20), constant("near", 1.5, 5), constant("at", 1.1, 4)});
  EXPECT_EQ(verdict(result, 1, "latency_p50_ms"), "fine");
  EXPECT_EQ(verdict(result, 2, "latency_p50_ms"), "near floor");
  EXPECT_EQ(verdict(result, 3, "latency_p50_ms"), "below resolution");
  EXPECT_EQ(verdict(result, 1, "server_cpu_us_per_delivery"), "fine");
  json::object const& ratio =
      result.at("targets").at(1).at("floor_ratio").at("latency_p50_ms").as_object();
  EXPECT_NEAR(ratio.at("value").as_double(), 3, 0.05);
  EXPECT_LE(ratio.at("lo").as_double(), 3.02);
  EXPECT_FALSE(result.at("targets").at(0).at("floor_ratio").as_object().contains("latency_p50_ms"));
}

TEST(Floor, says_when_the_generator_measures_mostly_itself) {
  EXPECT_EQ(verdict(with_floor({constant("sse", 3, 5)}, 0.01), 1, "generator_lag"), "fine");
  EXPECT_EQ(verdict(with_floor({constant("sse", 3, 5)}, 6), 1, "generator_lag"),
            "below resolution");
}

}  // namespace
}  // namespace pushlab::results

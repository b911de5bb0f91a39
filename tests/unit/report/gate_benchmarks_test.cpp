#include "report/gate_benchmarks.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/unit/report/golden.hpp"
#include "tests/unit/report/sample_gate.hpp"

namespace pushlab::report {
namespace {

namespace json = boost::json;

TEST(GateBenchmarkAction, is_what_it_was) {
  EXPECT_EQ(gate_benchmark_action(sample::gate()), golden("benchmark-action.json"));
}

TEST(GateBenchmarkAction, has_the_members_that_the_action_reads) {
  auto const all = json::parse(gate_benchmark_action(sample::hostile_gate())).as_array();
  ASSERT_EQ(all.size(), 8U);
  for (auto const& entry : all) {
    EXPECT_TRUE(entry.at("name").is_string());
    EXPECT_FALSE(entry.at("unit").as_string().empty());
    EXPECT_TRUE(entry.at("value").is_number());
    EXPECT_TRUE(entry.at("extra").is_string());
    if (auto const* range = entry.as_object().if_contains("range")) {
      EXPECT_TRUE(range->is_string());
    }
  }
}

TEST(GateBenchmarkAction, gives_shares_in_percent_and_leaves_out_what_has_no_value) {
  auto report = sample::gate();
  report.targets[0].metrics[0].head = std::nullopt;
  report.targets[0].metrics[1].head = std::numeric_limits<double>::infinity();
  auto const all = json::parse(gate_benchmark_action(report)).as_array();
  ASSERT_EQ(all.size(), 6U);
  EXPECT_EQ(all[0].at("name"), "SSE: Stalled events");
  EXPECT_EQ(all[0].at("unit"), "%");
  EXPECT_EQ(all[0].at("value"), 6.25);
}

TEST(GateBencher, is_what_it_was) {
  EXPECT_EQ(gate_bencher(sample::gate()), golden("bencher.json"));
}

TEST(GateBencher, has_nothing_but_benchmarks_with_measures_with_numbers) {
  auto const all = json::parse(gate_bencher(sample::hostile_gate())).as_object();
  EXPECT_EQ(all.size(), 3U);  // one target was not measured
  for (auto const& [benchmark, measures] : all) {
    for (auto const& [measure, metric] : measures.as_object()) {
      EXPECT_EQ(measure.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"),
                json::string_view::npos);
      EXPECT_LE(measure.size(), 64U);
      EXPECT_TRUE(metric.at("value").is_number());
      for (auto const& [key, number] : metric.as_object()) {
        EXPECT_TRUE(key == "value" || key == "lower_value" || key == "upper_value") << key;
        EXPECT_TRUE(number.is_number());
      }
    }
  }
}

TEST(GateBencher, shortens_names_that_are_too_long_for_a_slug) {
  auto report = sample::passed_gate();
  report.targets[0].metrics[0].id = "A  " + std::string(100, 'b') + "__";
  report.targets[0].metrics[1].id = "_!_";
  auto const measures = json::parse(gate_bencher(report)).at("sse").as_object();
  EXPECT_TRUE(measures.contains("a-" + std::string(62, 'b')));
  EXPECT_TRUE(measures.contains("a-" + std::string(55, 'b') + "-change"));
  EXPECT_TRUE(measures.contains("metric"));
}

TEST(GateBencher, gives_an_unbounded_change_no_bound) {
  auto const change = json::parse(gate_bencher(sample::gate())).at("sse").at("memory-kib-change");
  EXPECT_FALSE(change.as_object().contains("lower_value"));
  EXPECT_EQ(change.at("upper_value"), 1.25);
}

}  // namespace
}  // namespace pushlab::report

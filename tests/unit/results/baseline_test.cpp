#include "results/baseline.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "report/html.hpp"
#include "results/read.hpp"
#include "results/summary.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::results {
namespace {

namespace json = boost::json;
using sample::Random;
using sample::Target;

// A null server and SSE of `ms`, on a machine that takes `slower` times as long for both.
json::object run(double ms, double slower, bool with_floor = true) {
  auto const constant = [&](std::string id, double latency_ms, double cpu_us) {
    Target target{id, id, "sse", [=](Random&, double) { return latency_ms * slower; }};
    target.cpu_us = cpu_us * slower;
    return target;
  };
  std::vector<Target> targets{constant("sse", ms, 8)};
  if (with_floor) targets.insert(targets.begin(), constant("null", 1, 4));
  json::object result = sample::result({20, 40, 3, 10, 0, 1}, targets);
  if (with_floor) result["targets"].at(0).as_object()["base"] = "null";
  summarise(result);
  return result;
}

json::object const& row(json::object const& facts, std::string_view metric) {
  for (json::value const& value : array_at(facts, "rows")) {
    if (text_at(value.as_object(), "metric") == metric) return value.as_object();
  }
  throw std::out_of_range(std::string(metric));
}

TEST(Baseline, compares_times_as_multiples_of_each_runs_null_server) {
  json::object const facts = against_baseline(run(3, 1), run(3, 2));
  EXPECT_TRUE(truth_at(facts, "calibrated", false));
  json::object const& p50 = row(facts, "latency_p50_ms");
  EXPECT_NEAR(*number_at(p50, "now.value"), 3, 0.05);
  EXPECT_NEAR(*number_at(p50, "change"), 0, 0.01);
  EXPECT_EQ(text_at(p50, "kind"), "ratio");
  EXPECT_NEAR(*number_at(row(against_baseline(run(3.6, 1), run(3, 2)), "latency_p50_ms"), "change"),
              0.2, 0.02);
  EXPECT_TRUE(truth_at(p50, "overlap", false));
}

TEST(Baseline, compares_bytes_and_counts_as_they_are) {
  json::object const facts = against_baseline(run(3, 1), run(3, 2));
  EXPECT_EQ(text_at(row(facts, "bytes_per_delivery"), "kind"), "value");
  EXPECT_EQ(change_in_words(row(facts, "bytes_per_delivery")), "0.0 %");
  EXPECT_THROW(row(facts, "lost"), std::out_of_range) << "nothing was lost in either";
}

TEST(Baseline, without_a_null_server_compares_bytes_and_counts_only_and_says_which_run_has_none) {
  for (auto const& [now, then, words] : {std::tuple(false, true, "This run has no null server"),
                                         {true, false, "The baseline has no null server"},
                                         {false, false, "Neither run has a null server"}}) {
    json::object const facts = against_baseline(run(3, 1, now), run(3, 2, then));
    EXPECT_FALSE(truth_at(facts, "calibrated", true));
    EXPECT_TRUE(array_at(facts, "notes")[0].as_string().starts_with(words));
    EXPECT_FALSE(array_at(facts, "rows").empty());
    for (json::value const& value : array_at(facts, "rows"))
      EXPECT_EQ(text_at(value.as_object(), "kind"), "value");
    EXPECT_THROW(row(facts, "latency_p50_ms"), std::out_of_range);
  }
}

TEST(Baseline, says_what_else_differs) {
  json::object now = run(3, 1);
  now["scenario"].as_object()["clients"] = 500;
  now["machine"].as_object()["cpu_model"] = "Another CPU";
  now["targets"].as_array().push_back(now["targets"].as_array().at(1));
  now["targets"].as_array().back().as_object()["id"] = "new";
  std::string const text = baseline_table(against_baseline(now, run(3, 1)));
  for (char const* words : {"Another CPU", "CPU types differ in more than speed",
                            "The loads differ", "Not in the baseline: new."})
    EXPECT_NE(text.find(words), std::string::npos) << words << '\n' << text;
}

TEST(Baseline, is_a_section_of_the_report_when_it_was_asked_for) {
  json::object now = run(3, 1);
  EXPECT_EQ(report::html({now}).find("Against the baseline"), std::string::npos);
  now["baseline"] = against_baseline(now, run(3, 2));
  std::string const page = report::html({now});
  EXPECT_NE(page.find("<section id=\"baseline\">"), std::string::npos);
  EXPECT_NE(page.find("CPU types differ in more than speed"), std::string::npos);
}

}  // namespace
}  // namespace pushlab::results

#include "driver/capacity_course.hpp"

#include <gtest/gtest.h>

#include "driver/capacity_report.hpp"
#include "driver/scenario_run.hpp"

namespace pushlab::driver {
namespace {

using Outcome = CapacityCourse::Outcome;

Probe probe(double load, double measure_s, Verdict verdict) {
  Probe one;
  one.load = load;
  one.measure_s = measure_s;
  one.verdict = verdict;
  one.figures.events = 1000;
  one.reason = verdict == Verdict::holds ? "" : "some reason";
  return one;
}

CapacityQuestion question() {
  CapacityQuestion asked;
  asked.target = "targets/sse.toml";
  asked.slo = {"p99", "latency_p99_ms", 250};
  return asked;
}

template <class Rule>
CapacityCourse course(Rule const& verdict_of, CapacitySearch::Bounds bounds = {.start = 10}) {
  return run_search(bounds, {10, [](double) { return 60; }}, [&](double load, double measure_s) {
    return probe(load, measure_s, verdict_of(load, measure_s));
  });
}

TEST(CapacityCourse, finds_a_capacity_and_its_bracket_and_confirms_it_for_longer) {
  auto const found =
      course([](double load, double) { return load <= 100 ? Verdict::holds : Verdict::fails; });
  EXPECT_EQ(found.outcome(), Outcome::found);
  EXPECT_NEAR(found.confirmed, 100, 5);
  ASSERT_TRUE(found.fails);
  EXPECT_GT(*found.fails, 100);
  EXPECT_LE(*found.fails, found.confirmed * 1.05);
  ASSERT_GE(found.probes.size(), 3U);
  for (std::size_t i = found.probes.size() - 3; i < found.probes.size(); ++i) {
    EXPECT_TRUE(found.probes[i].confirms);
    EXPECT_EQ(found.probes[i].measure_s, 60);
  }
  EXPECT_FALSE(found.probes.front().confirms);
  EXPECT_NE(sentence(question(), found).find("sse holds p99 <= 250 ms up to"), std::string::npos);
}

TEST(CapacityCourse, measures_an_undecided_load_twice_as_long_and_then_fails_it) {
  auto const helped = course([](double load, double measure_s) {
    if (load > 40) return Verdict::fails;
    return load == 20 && measure_s < 20 ? Verdict::undecided : Verdict::holds;
  });
  ASSERT_GE(helped.probes.size(), 3U);
  EXPECT_EQ(helped.probes[1].verdict, Verdict::undecided);
  EXPECT_EQ(helped.probes[2].load, 20);
  EXPECT_EQ(helped.probes[2].measure_s, 20);
  EXPECT_NEAR(helped.confirmed, 40, 2);
  auto const never =
      course([](double load, double) { return load < 15 ? Verdict::holds : Verdict::undecided; });
  EXPECT_EQ(never.outcome(), Outcome::found);
  EXPECT_NEAR(never.confirmed, 15, 1);
}

TEST(CapacityCourse, ends_at_the_limit_of_the_generator_without_a_capacity) {
  auto const limited =
      course([](double load, double) { return load < 40 ? Verdict::holds : Verdict::generator; });
  EXPECT_EQ(limited.outcome(), Outcome::generator);
  EXPECT_EQ(limited.generator, 40);
  EXPECT_EQ(limited.confirmed, 0);
  EXPECT_EQ(limited.max, 20);
  auto const text = sentence(question(), limited);
  EXPECT_NE(text.find("The load generator was the limit at 40 events/s"), std::string::npos)
      << text;
  EXPECT_NE(text.find("20 events/s held"), std::string::npos) << text;
}

TEST(CapacityCourse, says_when_a_rare_percentile_was_confirmed_by_too_few_events) {
  auto const found =
      course([](double load, double) { return load <= 100 ? Verdict::holds : Verdict::fails; });
  auto asked = question();
  EXPECT_EQ(sentence(asked, found).find("should rest on"), std::string::npos);
  asked.slo = {"p99.9", "latency_p99_9_ms", 250};
  EXPECT_NE(sentence(asked, found)
                .find("A p99.9 should rest on 10000 events, and a confirming probe had 1000"),
            std::string::npos)
      << sentence(asked, found);
}

TEST(CapacityCourse, confirms_each_load_for_as_long_as_it_asks_for) {
  auto const found =
      run_search({.start = 10}, {10, [](double load) { return 1000 / load; }},
                 [](double load, double measure_s) {
                   return probe(load, measure_s, load <= 20 ? Verdict::holds : Verdict::fails);
                 });
  EXPECT_EQ(found.probes.back().measure_s, 1000 / found.confirmed);
}

TEST(CapacityCourse, ends_with_what_there_is_when_a_probe_cannot_be_carried_out) {
  auto const ended =
      course([](double load, double) { return load < 40 ? Verdict::holds : Verdict::broken; });
  EXPECT_EQ(ended.outcome(), Outcome::broken);
  EXPECT_EQ(ended.broken, 40);
  EXPECT_EQ(ended.max, 20);
  EXPECT_EQ(ended.probes.size(), 4U);
  auto const text = sentence(question(), ended);
  EXPECT_NE(text.find("No probe could be carried out at 40 events/s"), std::string::npos) << text;
  EXPECT_NE(text.find("20 events/s held. some reason"), std::string::npos) << text;
  EXPECT_EQ(result_json(question(), ended).at("outcome"), "broken");
}

TEST(CapacityCourse, keeps_the_probes_until_an_interrupt) {
  auto const ended = course([](double load, double) {
    if (load >= 40) throw RunInterrupted();
    return Verdict::holds;
  });
  EXPECT_EQ(ended.outcome(), Outcome::interrupted);
  EXPECT_EQ(ended.probes.size(), 2U);
  EXPECT_EQ(sentence(question(), ended),
            "The search was interrupted, so the capacity of sse is not known; 20 events/s held.");
  EXPECT_EQ(result_json(question(), ended).at("outcome"), "interrupted");
}

TEST(CapacityCourse, outlives_a_single_server_that_was_not_ready_in_time) {
  int slow_starts = 1;
  auto const found = course([&](double load, double) {
    if (load == 20 && slow_starts-- > 0) return Verdict::broken;
    return load <= 100 ? Verdict::holds : Verdict::fails;
  });
  EXPECT_EQ(found.outcome(), Outcome::found);
}

TEST(CapacityCourse, outlives_a_single_hiccup_of_the_generator) {
  int hiccups = 1;
  auto const found = course([&](double load, double) {
    if (load == 20 && hiccups-- > 0) return Verdict::generator;
    return load <= 100 ? Verdict::holds : Verdict::fails;
  });
  EXPECT_EQ(found.outcome(), Outcome::found);
  EXPECT_NEAR(found.confirmed, 100, 5);
}

TEST(CapacityCourse, takes_a_busy_generator_for_failure_where_a_lower_load_failed_already) {
  int at_80 = 0;
  auto const found = course([&](double load, double) {
    if (load == 80 && at_80++ > 0) return Verdict::generator;
    return load <= 78 ? Verdict::holds : Verdict::fails;
  });
  EXPECT_EQ(found.outcome(), Outcome::found);
  EXPECT_LE(found.confirmed, 78);
}

TEST(CapacityCourse, says_that_even_the_lowest_load_fails) {
  auto const none = course([](double, double) { return Verdict::fails; });
  EXPECT_EQ(none.outcome(), Outcome::none);
  auto const text = sentence(question(), none);
  EXPECT_NE(text.find("sse does not hold p99 <= 250 ms"), std::string::npos) << text;
  EXPECT_NE(text.find("some reason"), std::string::npos) << text;
}

TEST(CapacityCourse, says_that_it_was_not_allowed_to_go_higher) {
  auto const bounded =
      course([](double, double) { return Verdict::holds; }, {.start = 10, .most = 30});
  EXPECT_TRUE(bounded.reached_most);
  EXPECT_EQ(bounded.confirmed, 30);
  EXPECT_FALSE(bounded.fails);
  EXPECT_NE(sentence(question(), bounded).find("it may hold more"), std::string::npos);
}

TEST(CapacityCourse, shows_its_probes_in_an_aligned_table) {
  CapacityCourse shown;
  shown.probes.push_back(probe(1280, 10, Verdict::holds));
  shown.probes.back().figures.value = 12.34;
  shown.probes.back().figures.lo = 11;
  shown.probes.back().figures.hi = 13.9;
  shown.probes.back().figures.server_cpu = 0.5;
  shown.probes.back().figures.generator_cpu = 0.25;
  shown.probes.push_back(probe(2560, 60, Verdict::fails));
  shown.probes.back().confirms = true;
  shown.probes.back().figures.undelivered = true;
  shown.probes.back().figures.lost = 99;
  EXPECT_EQ(
      probe_table(question(), shown),
      "        load     time                         p99   server  generator     lost  verdict\n"
      "    events/s        s          ms (95 % interval)      CPU        CPU\n"
      "        1280       10           12.3 (11 to 13.9)     50 %       25 %        0  holds\n"
      "        2560       60                 undelivered        -          -       99  fails "
      "(confirming)\n");
}

}  // namespace
}  // namespace pushlab::driver

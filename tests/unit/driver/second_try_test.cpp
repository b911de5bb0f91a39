#include "driver/second_try.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace pushlab::driver {
namespace {

namespace json = boost::json;

json::object repetition(std::string const& changed = "{}") {
  auto object = json::parse(R"({
    "block": 1, "started": "2026-11-21T02:30:00Z", "error": null, "lost": 0,
    "event_rows": {"columns": ["p50_ms"], "rows": [[1]]}, "histograms": {"latency": {}},
    "generator": {"valid": false, "invalid_reasons": ["It waited.", "It was late."],
      "checks": [{"check": "cpu", "value": 0.1, "limit": 0.9, "unit": "share", "verdict": "ok"},
                 {"check": "run_queue_wait", "value": 0.12, "limit": 0.1, "unit": "share",
                  "verdict": "invalid"}]}})")
                    .as_object();
  auto const with = json::parse(changed).as_object();
  for (auto const& member : with) object[member.key()] = member.value();
  return object;
}

TEST(SecondTry, is_made_for_a_quarter_of_the_repetitions_at_most) {
  EXPECT_EQ(most_second_tries(1), 1U);
  EXPECT_EQ(most_second_tries(5), 1U);
  EXPECT_EQ(most_second_tries(7), 1U);
  EXPECT_EQ(most_second_tries(40), 10U);
}

TEST(SecondTry, keeps_of_the_first_when_and_why_and_no_figures) {
  auto const kept = discarded(repetition());
  EXPECT_EQ(kept.size(), 3U) << kept;
  EXPECT_EQ(kept.at("started"), "2026-11-21T02:30:00Z");
  ASSERT_EQ(kept.at("checks").as_array().size(), 1U);
  EXPECT_EQ(kept.at("checks").at(0).at("check"), "run_queue_wait");
  EXPECT_EQ(why_discarded(kept), "It waited. It was late.");
}

TEST(SecondTry, is_one_for_both_that_were_measured_at_the_same_time) {
  auto const good = repetition(R"({"generator": {"valid": true, "invalid_reasons": []}})");
  std::vector<json::object> together{good, repetition()};
  share_doubts(together);
  EXPECT_EQ(together[0].at("generator").at("valid"), false);
  EXPECT_EQ(together[0].at("generator").at("invalid_reasons").as_array().size(), 2U);
  together = {good, good};
  share_doubts(together);
  EXPECT_EQ(together[0], good);
}

}  // namespace
}  // namespace pushlab::driver

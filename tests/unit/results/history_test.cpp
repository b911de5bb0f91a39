#include "results/history.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "report/history_page.hpp"
#include "results/read.hpp"
#include "tests/unit/results/sample_history.hpp"

namespace pushlab::results {
namespace {

namespace json = boost::json;

std::vector<HistoryEntry> entries(std::vector<json::object> const& all) {
  std::vector<HistoryEntry> kept;
  for (json::object const& one : all) kept.push_back(history_entry(one));
  return kept;
}

HistorySeries const& series_of(History const& history, std::string_view target,
                               std::string_view metric) {
  auto const found = std::ranges::find_if(history.series, [&](HistorySeries const& series) {
    return series.target == target && series.metric->id == metric;
  });
  if (found == history.series.end()) throw std::out_of_range("no such series");
  return *found;
}

TEST(History, tells_a_slower_server_from_a_slower_machine_by_the_null_server) {
  History const all = history(entries(sample::history(60)));
  HistorySeries const& sse = series_of(all, "sse", "latency_p50_ms");
  EXPECT_TRUE(sse.calibrated);
  ASSERT_EQ(sse.changes.size(), 1U);
  EXPECT_EQ(all.entries[sse.entries[sse.changes[0].point.index]].run, "20260213-020000-nightly");
  EXPECT_NEAR(sse.changes[0].point.change, 0.12, 0.03);
  EXPECT_EQ(sse.changes[0].also, "");
  EXPECT_TRUE(series_of(all, "websocket", "latency_p50_ms").changes.empty());
}

TEST(History, takes_the_machine_for_a_change_where_no_null_server_was_measured_and_says_so) {
  History const all = history(entries(sample::history(60, false)));
  HistorySeries const& series = series_of(all, "websocket", "latency_p50_ms");
  EXPECT_FALSE(series.calibrated);
  ASSERT_EQ(series.changes.size(), 1U);
  EXPECT_EQ(series.changes[0].also, "the CPU model");
}

TEST(History, leaves_bytes_and_the_latency_of_polling_as_they_were_measured) {
  History const all = history(entries(sample::history(30)));
  EXPECT_FALSE(series_of(all, "websocket", "bytes_per_delivery").calibrated);
  EXPECT_FALSE(series_of(all, "short-poll", "latency_p50_ms").calibrated);
  EXPECT_TRUE(series_of(all, "short-poll", "server_cpu_us_per_delivery").calibrated);
  EXPECT_FALSE(series_of(all, "sse", "recovery_t95_ms").calibrated);
  EXPECT_EQ(series_of(all, "websocket", "bytes_per_delivery").changes.size(), 1U);
}

TEST(History, is_in_the_order_of_the_runs_whatever_the_order_of_the_files) {
  auto all = entries(sample::history(30));
  std::ranges::reverse(all);
  History const sorted = history(std::move(all));
  EXPECT_TRUE(std::ranges::is_sorted(sorted.entries, {}, &HistoryEntry::started));
}

TEST(History, keeps_scenarios_apart) {
  auto all = sample::history(20);
  for (std::size_t i = 0; i < all.size(); i += 2)
    all[i]["scenario"].as_object()["name"] = "another";
  History const made = history(entries(all));
  for (HistorySeries const& series : made.series) EXPECT_LE(series.values.size(), 10U);
}

TEST(History, leaves_out_what_was_not_measured_validly_or_has_no_null_server_and_counts_it) {
  auto all = sample::history(20);
  auto& targets = all[3]["targets"].as_array();
  targets.at(1).as_object()["valid"] = false;                       // sse
  all[4]["targets"].as_array().at(0).as_object()["valid"] = false;  // the null server
  History const made = history(entries(all));
  HistorySeries const& sse = series_of(made, "sse", "latency_p50_ms");
  EXPECT_EQ(sse.invalid, 1U);
  EXPECT_EQ(sse.uncalibrated, 1U);
  EXPECT_EQ(sse.values.size(), 18U);
}

TEST(History, says_a_change_in_a_sentence_and_in_an_aligned_line) {
  History const all = history(entries(sample::history(60)));
  auto const changes = found_changes(all);
  ASSERT_FALSE(changes.empty());
  auto const found = std::ranges::find_if(
      changes, [](FoundChange const& change) { return change.series->target == "websocket"; });
  ASSERT_NE(found, changes.end());
  EXPECT_EQ(sentence(*found),
            "WebSocket (Beast): Bytes per delivery, rose by 20.0 % at run 20260213-020000-nightly, "
            "commit c000c08, 2026-02-13, p < 0.0001.");
  EXPECT_EQ(direction(*found), "worse");
  std::string const text = history_lines(all);
  EXPECT_TRUE(text.starts_with("10 change points in 60 results; ")) << text;
  std::size_t column = std::string::npos;
  for (std::size_t from = text.find('\n') + 1; from < text.size();
       from = text.find('\n', from) + 1) {
    std::size_t const at = text.find("  c000", from) - from;
    std::string const line = text.substr(from, at);
    // Columns, not bytes.
    auto const wide = static_cast<std::size_t>(std::ranges::count_if(
        line, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
    if (column != std::string::npos) {
      EXPECT_EQ(wide, column) << text;
    }
    column = wide;
  }
}

TEST(History, says_in_one_line_that_there_is_no_change) {
  EXPECT_EQ(history_lines(history(entries(sample::history(3)))), "no change points in 3 results\n");
  EXPECT_EQ(history_lines(history({})), "no change points in 0 results\n");
}

TEST(History, gives_its_facts_as_JSON) {
  json::object const facts = to_json(history(entries(sample::history(60))));
  EXPECT_EQ(text_at(facts, "schema"), "pushlab.history/1");
  EXPECT_EQ(array_at(facts, "runs").size(), 60U);
  ASSERT_FALSE(array_at(facts, "change_points").empty());
  for (json::value const& value : array_at(facts, "change_points")) {
    // The slower server or, of the null server itself, the slower machine.
    bool const machine = text_at(value.as_object(), "target") == "null";
    EXPECT_EQ(text_at(value.as_object(), "direction") == "machine", machine);
    EXPECT_EQ(text_at(value.as_object(), "run"),
              machine ? "20260203-020000-nightly" : "20260213-020000-nightly");
    EXPECT_LE(value.at("p").as_double(), 0.001);
  }
}

TEST(HistoryPage, lists_each_change_and_marks_it_in_its_chart) {
  History const all = history(entries(sample::history(60)));
  std::string const page = report::history_page(all, {"Left out: <x>"});
  EXPECT_LT(page.size(), 5'000'000U);
  EXPECT_NE(page.find("<h1>10 change points in 60 results</h1>"), std::string::npos);
  EXPECT_NE(page.find("href=\"#chart-nightly-websocket-bytes_per_delivery\""), std::string::npos);
  EXPECT_NE(page.find("id=\"chart-nightly-websocket-bytes_per_delivery\""), std::string::npos);
  EXPECT_NE(page.find("class=\"crossing\""), std::string::npos);
  EXPECT_NE(page.find("Multiple of the null server&#39;s"), std::string::npos);
  EXPECT_NE(page.find("Left out: &lt;x&gt;"), std::string::npos);
  EXPECT_EQ(page.find(" src="), std::string::npos);
}

TEST(HistoryPage, can_be_made_of_nothing_and_of_one_result) {
  auto invalid = entries(sample::history(2));
  for (HistoryEntry& entry : invalid) {
    for (HistoryTarget& target : entry.targets) target.valid = false;
  }
  EXPECT_NE(report::history_page(history(invalid), {}).find("None of the results was measured"),
            std::string::npos);
  EXPECT_NE(report::history_page(history({}), {}).find("No change points in 0 results"),
            std::string::npos);
  std::string const page = report::history_page(history(entries(sample::history(1))), {});
  EXPECT_NE(page.find("No change points in 1 result<"), std::string::npos);
  EXPECT_NE(page.find("from 12 results of a target on; there is 1."), std::string::npos);
}

}  // namespace
}  // namespace pushlab::results

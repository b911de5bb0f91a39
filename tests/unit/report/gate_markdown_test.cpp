#include "report/gate_markdown.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "tests/unit/report/golden.hpp"
#include "tests/unit/report/sample_gate.hpp"

namespace pushlab::report {
namespace {

std::size_t count(std::string const& text, std::string const& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(GateMarkdown, is_what_it_was) {
  EXPECT_EQ(gate_markdown(sample::gate()), golden("summary.md"));
}

TEST(GateMarkdown, begins_with_the_verdict_in_one_sentence) {
  EXPECT_TRUE(gate_markdown(sample::passed_gate())
                  .starts_with("## pushlab gate: ✅ pass\n\n"
                               "**pass: no regression in 2 figures of 1 target**\n"));
}

TEST(GateMarkdown, tells_what_to_do_unless_it_passed) {
  EXPECT_EQ(count(gate_markdown(sample::passed_gate()), "What to do next"), 0U);
  for (auto const verdict : {results::GateVerdict::fail, results::GateVerdict::undecided,
                             results::GateVerdict::invalid}) {
    auto report = sample::gate();
    report.verdict = verdict;
    EXPECT_EQ(count(gate_markdown(report), "What to do next"), 1U);
  }
}

TEST(GateMarkdown, has_tables_of_the_same_shape_whatever_the_names_are) {
  std::istringstream text(gate_markdown(sample::hostile_gate()));
  int rows = 0;
  for (std::string line; std::getline(text, line);) {
    if (!line.starts_with('|')) continue;
    ++rows;
    std::size_t bars = 0;
    for (std::size_t i = 0, escapes = 0; i < line.size(); ++i) {
      if (line[i] == '|' && escapes % 2 == 0) ++bars;
      escapes = line[i] == '\\' ? escapes + 1 : 0;
    }
    EXPECT_EQ(bars, 8U) << line;
  }
  EXPECT_EQ(rows, 3 * 2 + 8);
}

TEST(GateMarkdown, lets_no_name_become_markup) {
  auto const text = gate_markdown(sample::hostile_gate());
  EXPECT_EQ(count(text, "<c>"), 0U);
  EXPECT_GE(count(text, "\\<c\\>"), 1U);
  EXPECT_EQ(count(text, "</details>"), count(text, "<details>"));
}

TEST(GateMarkdown, leaves_raw_values_out_rather_than_be_refused) {
  auto report = sample::gate();
  report.targets[0].raw["long"] = std::string(2'000'000, 'x');
  auto const text = gate_markdown(report);
  EXPECT_LT(text.size(), 200'000U);
  EXPECT_NE(text.find("What to do next"), std::string::npos);
  EXPECT_NE(text.find("see gate.json"), std::string::npos);

  report = sample::gate();
  report.targets[0].metrics[0].title = std::string(300'000, 'x');
  EXPECT_LT(gate_markdown(report).size(), 200'000U);
}

}  // namespace
}  // namespace pushlab::report

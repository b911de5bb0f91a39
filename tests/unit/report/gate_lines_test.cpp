#include "report/gate_lines.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "report/gate_words.hpp"
#include "tests/unit/report/golden.hpp"
#include "tests/unit/report/sample_gate.hpp"

namespace pushlab::report {
namespace {

std::vector<std::string> lines(std::string const& text) {
  std::vector<std::string> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

TEST(GateLines, are_what_they_were) {
  EXPECT_EQ(gate_lines(sample::gate()), golden("lines.txt"));
}

TEST(GateLines, stay_aligned_when_a_name_is_long) {
  auto report = sample::gate();
  report.targets[0].id = std::string(70, 'x');
  report.targets[1].metrics[0].title = "Ereignis, médian " + std::string(60, 'y');
  auto const all = lines(gate_lines(report));
  // The verdicts begin in the same column; where characters of several bytes are, bytes are more.
  auto const column = all.front().find("verdict");
  EXPECT_GT(column, 140U);
  EXPECT_EQ(all[1].rfind("fail"), column);
  EXPECT_EQ(all[5].rfind("undecided"), column + 1);  // the é
}

TEST(GateLines, say_once_why_a_target_is_invalid) {
  auto report = sample::gate();
  for (auto const verdict : {results::GateVerdict::fail, results::GateVerdict::invalid}) {
    report.verdict = verdict;
    auto const text = gate_lines(report);
    auto const at = text.find("97 % of its core");
    ASSERT_NE(at, std::string::npos);
    EXPECT_EQ(text.find("97 % of its core", at + 1), std::string::npos) << text;
  }
}

TEST(GateLines, have_one_line_a_metric_and_one_for_the_verdict_whatever_the_names_are) {
  auto const text = gate_lines(sample::hostile_gate());
  EXPECT_EQ(lines(text).size(), 1U + 4 + 2 + 1 + 2 + 1 + 1);
  for (char const c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
}

TEST(GateWords, say_changes_with_a_sign_and_without_false_digits) {
  EXPECT_EQ(gate_change(0.0812), "+8.1 %");
  EXPECT_EQ(gate_change(-0.0812), "-8.1 %");
  EXPECT_EQ(gate_change(-0.0004), "0.0 %");
  EXPECT_EQ(gate_change(12.3), "+1230 %");
  EXPECT_EQ(gate_change(std::numeric_limits<double>::infinity()), "+∞ %");
  EXPECT_EQ(gate_change({}), "–");
  EXPECT_EQ(gate_share(0.02), "2 %");
}

TEST(GateWords, name_the_worst_cause_first_and_count_the_others) {
  EXPECT_EQ(
      gate_sentence(sample::gate()),
      "fail: SSE / Event, median subscriber: 10.0 % more, at least 8.8 %; tolerated are 2.0 %");
  EXPECT_EQ(gate_sentence(sample::passed_gate()), "pass: no regression in 2 figures of 1 target");
  auto two = sample::gate();
  two.targets[0].metrics[3].verdict = results::GateVerdict::fail;
  EXPECT_TRUE(gate_sentence(two).ends_with(", and 1 more"));
  auto invalid = sample::gate();
  invalid.verdict = results::GateVerdict::invalid;
  EXPECT_EQ(gate_sentence(invalid),
            "invalid: Long polling: the load generator used 97 % of its core");
  EXPECT_EQ(gate_sentence(results::GateReport{}), "undecided: nothing was measured");
}

}  // namespace
}  // namespace pushlab::report

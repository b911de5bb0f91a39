#include "report/gate_page.hpp"

#include <gtest/gtest.h>

#include <regex>

#include "report/gate_plot.hpp"
#include "tests/unit/report/sample_gate.hpp"

namespace pushlab::report {
namespace {

std::size_t count(std::string const& text, std::string const& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

// Where the marks of one style stand, in percent of the track.
std::vector<double> places(std::string const& html, std::string const& style) {
  std::regex const mark("class=\"" + style + "\" style=\"left:([0-9.]+)%");
  std::vector<double> found;
  for (std::sregex_iterator at(html.begin(), html.end(), mark), end; at != end; ++at)
    found.push_back(std::stod((*at)[1]));
  return found;
}

TEST(GatePage, says_each_verdict_in_words_and_not_by_colour_alone) {
  auto const html = gate_page(sample::gate());
  for (auto const* badge : {"verdict pass\">✓ pass", "verdict fail\">✕ fail",
                            "verdict undecided\">? undecided", "verdict invalid\">! invalid"})
    EXPECT_GE(count(html, badge), 1U) << badge;
}

TEST(GatePage, lets_no_name_become_markup) {
  auto const html = gate_page(sample::hostile_gate());
  EXPECT_EQ(count(html, "<c>"), 0U);
  EXPECT_EQ(count(html, "</html>"), 1U);
}

TEST(GatePage, loads_nothing) {
  auto const html = gate_page(sample::gate());
  EXPECT_EQ(count(html, "src="), 0U);
  EXPECT_EQ(count(html, "<script"), 0U);
}

TEST(GatePlot, puts_every_mark_on_one_scale) {
  auto const html = gate_plot(sample::gate().targets[0]);
  auto const point = places(html, "point"), zero = places(html, "zero"),
             tolerance = places(html, "tolerance"), limit = places(html, "limit");
  ASSERT_EQ(point.size(), 2U);  // what has no change has no place
  ASSERT_EQ(limit.size(), 2U);
  EXPECT_EQ(zero[0], zero[1]);
  EXPECT_EQ(point[1], zero[1]);  // memory: no change
  EXPECT_LT(zero[0], tolerance[0]);
  EXPECT_LT(tolerance[0], limit[0]);
  EXPECT_LT(limit[0], point[0]);
  EXPECT_NEAR((limit[0] - zero[0]) / (tolerance[0] - zero[0]), 2.5, 0.02);
}

TEST(GatePlot, draws_an_unbounded_interval_to_the_edge) {
  auto const html = gate_plot(sample::gate().targets[0]);
  EXPECT_EQ(count(html, "range open-low\" style=\"left:0.00%"), 1U);
  EXPECT_EQ(count(html, "open-high"), 0U);
}

TEST(GatePlot, does_not_let_one_outlier_hide_the_limits_of_the_others) {
  auto target = sample::gate().targets[0];
  target.metrics[0].effect = 30;
  target.metrics[0].low = 29;
  target.metrics[0].high = 31;
  auto const html = gate_plot(target);
  EXPECT_GT(places(html, "limit")[0] - places(html, "zero")[0], 10);
  EXPECT_EQ(count(html, "open-high"), 1U);
}

TEST(GatePlot, is_empty_without_a_change) {
  EXPECT_EQ(gate_plot(sample::gate().targets[2]), "");
}

}  // namespace
}  // namespace pushlab::report

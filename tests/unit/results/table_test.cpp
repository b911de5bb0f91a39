#include "results/table.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "results/summary.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::results {
namespace {

namespace json = boost::json;

constexpr sample::Plan shared_plan{40, 40, 3, 10, 0.08, 1};

json::object troubled() {
  auto targets = sample::five_targets();
  targets[1].lost = 30;
  targets[3].title = "Short polling with a title that is far too long for the column";
  json::object result = sample::result(shared_plan, targets);
  for (json::value& repetition : result["targets"].at(2).at("repetitions").as_array()) {
    repetition.as_object()["error"] = "the server did not become ready within 10 s";
  }
  summarise(result);
  return result;
}

std::size_t columns(std::string const& line) {
  std::size_t count = 0;
  for (char c : line) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  return count;
}

std::string golden() {
  std::ifstream file(PUSHLAB_SAMPLE_TABLE);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string unwrapped(std::string text) {
  for (auto at = text.find("\n  "); at != std::string::npos; at = text.find("\n  "))
    text.replace(at, 3, " ");
  return text;
}

TEST(Table, looks_as_it_always_did) {
  json::object result = sample::result(shared_plan, sample::five_targets());
  summarise(result);
  EXPECT_EQ(table(result), golden());
}

TEST(Table, is_never_wider_than_110_columns) {
  std::istringstream lines(table(troubled()));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(columns(line), 110U) << line;
}

TEST(Table, is_plain_text) {
  for (char c : table(troubled())) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 32);
}

TEST(Table, marks_who_cannot_win_and_says_why_below) {
  std::string const text = table(troubled());
  EXPECT_NE(text.find("! WebSocket (Beast) "), std::string::npos) << text;
  EXPECT_NE(text.find("\n! WebSocket (Beast) lost 90 deliveries and cannot win."),
            std::string::npos)
      << text;
  EXPECT_NE(
      unwrapped(text).find("repetitions 1, 2 and 3: the server did not become ready within 10 s"),
      std::string::npos);
  EXPECT_NE(text.find("\nskipped SSE (nginx nchan): nginx is not installed"), std::string::npos);
  EXPECT_NE(text.find("undel."), std::string::npos);                               // its maximum
  EXPECT_LT(text.find("Page reload, 2 s   "), text.find("! WebSocket (Beast) "));  // losers last
}

}  // namespace
}  // namespace pushlab::results

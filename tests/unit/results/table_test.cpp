#include "results/table.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "results/summary.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::results {
namespace {

namespace json = boost::json;

constexpr sample::Plan kPlan{40, 40, 3, 10, 0.08, 1};

json::object troubled() {
  auto targets = sample::five_targets();
  targets[1].lost = 30;
  targets[3].title = "Short polling with a title that is far too long for the column";
  json::object result = sample::result(kPlan, targets);
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

std::string unwrapped(std::string text) {
  for (auto at = text.find("\n  "); at != std::string::npos; at = text.find("\n  "))
    text.replace(at, 3, " ");
  return text;
}

TEST(Table, looks_as_it_always_did) {
  json::object result = sample::result(kPlan, sample::five_targets());
  summarise(result);
  EXPECT_EQ(
      table(result),
      R"(SSE (Boost.Asio) and WebSocket (Beast) are tied: 99 of 100 deliveries within 2.29 ms and 2.33 ms; next is Long
polling with 4.51 ms, 1.97 times as long (95 % interval 1.76 to 2.36).
40 clients, 10 events/s (fixed), notifications of 200 bytes, 3 repetitions of 4 s
The best p99 is 1.68 to 2.75 ms with 95 % confidence, from 3 repetitions with 120 events. A p99 should rest on
1000 events: read it as an order of magnitude.

target                       p50     p99     max p99 vs best   lost       CPU   memory   useless     bytes
                              ms      ms      ms                    us/deliv. KiB/conn  requests /delivery
SSE (Boost.Asio)            1.40    2.29    7.00        best      0      6.09     7.19         0       239
WebSocket (Beast)           1.43    2.33    7.05         tie      0      6.89     10.8         0       231
Long polling                2.71    4.51    8.92       1.97x      0      15.2     8.39        48       575
Short polling, 1 s           504     992    1001        434x      0      11.1     5.96       714       711
Page reload, 2 s            1009    1984    2001        868x      0      13.5     5.77       312      1929

skipped SSE (nginx nchan): nginx is not installed: apt-get install libnginx-mod-nchan
)");
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

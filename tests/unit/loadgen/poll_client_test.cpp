#include "loadgen/client/poll_client.hpp"

#include <gtest/gtest.h>

#include "loadgen/client/cursor_headers.hpp"
#include "loadgen/loop/clock.hpp"

namespace pushlab::loadgen {
namespace {

TEST(PollBody, tells_cursor_and_reset) {
  EXPECT_EQ(next_cursor(R"({"next":"e-17","events":[]})"), "e-17");
  EXPECT_EQ(next_cursor(R"({"events":[]})"), "");
  EXPECT_EQ(next_cursor(R"({"next":"e-1)"), "e-1");
  EXPECT_TRUE(says_reset(R"({"next":"e-17","events":[],"reset":true})"));
  EXPECT_FALSE(says_reset(R"({"next":"e-17","events":[]})"));
}

TEST(PollBody, adds_parameters) {
  EXPECT_EQ(with_parameter("http://h/p", "a", "1"), "http://h/p?a=1");
  EXPECT_EQ(with_parameter("http://h/p?x", "a", "1"), "http://h/p?x&a=1");
}

TEST(PollSchedule, keeps_its_phase_and_its_interval) {
  LoadPlan plan;
  plan.poll_interval_s = 0.5;
  PollSchedule const schedule(plan, 7);
  auto at = schedule.next_after(123 * ns_per_s);
  EXPECT_GT(at, 123 * ns_per_s);
  EXPECT_LE(at, 123 * ns_per_s + ns_per_s / 2);
  for (int i = 0; i < 5; ++i) {
    auto const next = schedule.next_after(at);
    EXPECT_EQ(next - at, ns_per_s / 2);
    EXPECT_EQ(schedule.next_after(at + 1), next);
    at = next;
  }
}

TEST(PollSchedule, spreads_clients_over_the_interval) {
  LoadPlan plan;
  plan.poll_interval_s = 1;
  double sum = 0;
  for (std::uint64_t client = 0; client < 1000; ++client) {
    sum += double(PollSchedule(plan, client).next_after(9 * ns_per_s) - 9 * ns_per_s) / 1e9;
  }
  EXPECT_NEAR(sum / 1000, 0.5, 0.05);
}

TEST(CursorHeaders, send_back_what_came) {
  CursorHeaders headers;
  headers.read("HTTP/1.1 200 OK\r\n");
  headers.read("ETag: \"7\"\r\n");
  headers.read("last-modified:Sat, 21 Nov 2026 02:00:00 GMT\r\n");
  headers.read("ETags: no\r\n");
  ASSERT_TRUE(headers.changed());
  EXPECT_EQ(headers.request_headers({"A: b"}),
            (std::vector<std::string>{"A: b", "If-None-Match: \"7\"",
                                      "If-Modified-Since: Sat, 21 Nov 2026 02:00:00 GMT"}));
  EXPECT_FALSE(headers.changed());
  headers.read("ETag: \"7\"\r\n");
  EXPECT_FALSE(headers.changed());
  headers.read("ETag: \"8\"\r\n");
  EXPECT_TRUE(headers.changed());
}

}  // namespace
}  // namespace pushlab::loadgen

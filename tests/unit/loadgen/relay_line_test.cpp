#include "loadgen/relay/relay_line.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "loadgen/relay/relay.hpp"

namespace pushlab::loadgen {
namespace {

constexpr std::int64_t ms = 1'000'000;

TEST(RelayLine, delays_a_chunk_by_the_delay) {
  RelayPlan const plan{20, 0, 0, 0, 1};
  RelayLine line(plan, 0, 0);
  EXPECT_EQ(line.due_of(5 * ms, 100), 25 * ms);
  EXPECT_EQ(line.due_of(6 * ms, 100), 26 * ms);
}

TEST(RelayLine, lets_nothing_on_before_the_handshake_would_be_over) {
  RelayPlan const plan{20, 0, 0, 0, 1};
  RelayLine line(plan, 0, 60 * ms);
  EXPECT_EQ(line.due_of(0, 100), 60 * ms);
  EXPECT_EQ(line.due_of(50 * ms, 100), 70 * ms);
}

TEST(RelayLine, spreads_jitter_evenly_and_keeps_the_order) {
  RelayPlan const plan{20, 10, 0, 0, 1};
  RelayLine line(plan, 3, 0);
  double sum = 0;
  std::int64_t least = INT64_MAX;
  std::int64_t most = 0;
  std::int64_t last = 0;
  for (std::int64_t i = 0; i < 2000; ++i) {
    auto const now = i * 100 * ms;  // apart, so that order does not hold a chunk back
    auto const wait = line.due_of(now, 10) - now;
    sum += static_cast<double>(wait);
    least = std::min(least, wait);
    most = std::max(most, wait);
  }
  EXPECT_NEAR(sum / 2000 / ms, 20, 0.5);
  EXPECT_GE(least, 10 * ms);
  EXPECT_LE(least, 10.1 * ms);
  EXPECT_LE(most, 30 * ms);
  EXPECT_GE(most, 29.9 * ms);
  RelayLine close(plan, 4, 0);
  for (std::int64_t i = 0; i < 1000; ++i) {
    auto const due = close.due_of(i * ms, 10);
    EXPECT_GE(due, last);
    last = due;
  }
}

TEST(RelayLine, makes_everything_behind_a_lost_segment_wait) {
  RelayPlan const plan{20, 0, 1, 0, 1};
  RelayLine line(plan, 0, 0);
  EXPECT_EQ(line.due_of(0, 100), (20 + 200 + 40) * ms);
  EXPECT_EQ(line.due_of(1 * ms, 0), 260 * ms) << "an end is not lost, but waits behind";
}

TEST(RelayLine, loses_segments_as_often_as_planned_and_long_chunks_more_often) {
  RelayPlan const plan{0, 0, 0.1, 0, 7};
  auto const lost_share = [&](std::size_t bytes) {
    RelayLine line(plan, 0, 0);
    int lost = 0;
    for (std::int64_t i = 0; i < 4000; ++i)
      if (line.due_of(i * 1000 * ms, bytes) > i * 1000 * ms) ++lost;
    return lost / 4000.0;
  };
  EXPECT_NEAR(lost_share(100), 0.1, 0.02);
  EXPECT_NEAR(lost_share(RelayLine::segment_bytes * 3), 1 - 0.9 * 0.9 * 0.9, 0.03);
  RelayPlan const none{0, 0, 0, 0, 7};
  RelayLine line(none, 0, 0);
  for (std::int64_t i = 0; i < 1000; ++i) EXPECT_EQ(line.due_of(i, 5000), i);
}

TEST(RelayLine, sends_at_the_rate_of_the_line) {
  RelayPlan const plan{10, 0, 0, 1000, 1};  // a byte takes 1 ms
  RelayLine line(plan, 0, 0);
  EXPECT_EQ(line.due_of(0, 50), 60 * ms);
  EXPECT_EQ(line.due_of(0, 50), 110 * ms) << "behind the first";
  EXPECT_EQ(line.due_of(500 * ms, 50), 560 * ms) << "the line had become free";
}

TEST(RelayLine, gives_each_direction_its_own_numbers_and_the_same_seed_the_same) {
  RelayPlan const plan{20, 10, 0, 0, 1};
  RelayLine a(plan, 0, 0);
  RelayLine again(plan, 0, 0);
  RelayLine b(plan, 1, 0);
  auto const due = a.due_of(0, 10);
  EXPECT_EQ(due, again.due_of(0, 10));
  EXPECT_NE(due, b.due_of(0, 10));
}

TEST(RelayPlan, names_what_cannot_be) {
  EXPECT_EQ(problem_of(RelayPlan{}), "");
  EXPECT_EQ(problem_of(RelayPlan{50, 15, 0.01, 1e6, 1}), "");
  EXPECT_NE(problem_of(RelayPlan{-1, 0, 0, 0, 1}).find("delay"), std::string::npos);
  EXPECT_NE(problem_of(RelayPlan{10, 11, 0, 0, 1}).find("jitter"), std::string::npos);
  EXPECT_NE(problem_of(RelayPlan{10, 0, 1.1, 0, 1}).find("loss"), std::string::npos);
  EXPECT_NE(problem_of(RelayPlan{10, 0, 0, -1, 1}).find("rate"), std::string::npos);
}

}  // namespace
}  // namespace pushlab::loadgen

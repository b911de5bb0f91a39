#include "results/gate_counts.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace pushlab::results {
namespace {

ExactCount count(std::string id, double value) {
  return {std::move(id), "A figure", "", value, value, 2, ""};
}

ExactCount not_counted(std::string id, std::string reason) {
  return {std::move(id), "A figure", "", {}, 0, 0, std::move(reason)};
}

GatedMetric judged(ExactCount const& base, ExactCount const& head) {
  auto const metrics = judge_counts(usual_count_rules(), {base}, {head});
  EXPECT_EQ(metrics.size(), 1U);
  return metrics.at(0);
}

GateVerdict verdict(std::string const& id, double base, double head) {
  return judged(count(id, base), count(id, head)).verdict;
}

TEST(GateCounts, allow_no_byte_and_no_allocation_more) {
  for (auto const* id : {"bytes_per_delivery", "allocations_per_delivery"}) {
    EXPECT_EQ(verdict(id, 240.018, 240.018), GateVerdict::pass) << id;
    EXPECT_EQ(verdict(id, 240.018, 239), GateVerdict::pass) << id;
    EXPECT_EQ(verdict(id, 240.018, 240.019), GateVerdict::fail) << id;
  }
  EXPECT_EQ(verdict("allocations_per_delivery", 0, 0), GateVerdict::pass);
  EXPECT_EQ(verdict("allocations_per_delivery", 0, 0.05), GateVerdict::fail);
}

TEST(GateCounts, allow_as_much_as_the_rules_say) {
  std::vector<CountRule> const rules{{"bytes_per_delivery", 0.1}};
  auto const judged = [&](double head) {
    return judge_counts(rules, {count("bytes_per_delivery", 100)},
                        {count("bytes_per_delivery", head)})
        .at(0);
  };
  EXPECT_EQ(judged(110).verdict, GateVerdict::pass);
  EXPECT_EQ(judged(110).tolerance, 0.1);
  EXPECT_EQ(judged(111).verdict, GateVerdict::fail);
}

TEST(GateCounts, allow_a_percent_more_writes_and_system_calls) {
  for (auto const* id : {"writes_per_delivery", "syscalls_per_delivery"}) {
    EXPECT_EQ(verdict(id, 1, 1.01), GateVerdict::pass) << id;
    EXPECT_EQ(verdict(id, 1, 1.0101), GateVerdict::fail) << id;
    EXPECT_EQ(verdict(id, 1, 0.5), GateVerdict::pass) << id;
  }
}

TEST(GateCounts, allow_two_percent_more_instructions) {
  EXPECT_EQ(verdict("instructions_per_delivery", 1000, 1020), GateVerdict::pass);
  EXPECT_EQ(verdict("instructions_per_delivery", 1000, 1020.1), GateVerdict::fail);
}

// What does not repeat fails only when no draw of it could have been base's.
TEST(GateCounts, compare_the_least_of_head_with_the_most_of_base) {
  auto base = count("bytes_per_delivery", 243);
  base.highest = 244;
  auto head = count("bytes_per_delivery", 244);
  auto const same = judged(base, head);
  EXPECT_EQ(same.verdict, GateVerdict::pass);
  EXPECT_NE(same.reason.find("not the same at every count"), std::string::npos) << same.reason;
  head.value = head.highest = 245;
  EXPECT_EQ(judged(base, head).verdict, GateVerdict::fail);
}

TEST(GateCounts, repeat_only_when_counted_again) {
  auto one = count("writes_per_delivery", 1);
  EXPECT_TRUE(one.repeats());
  one.highest = 1.01;
  EXPECT_FALSE(one.repeats());
  one.highest = 1;
  one.times = 1;
  EXPECT_FALSE(one.repeats());
  EXPECT_FALSE(not_counted("writes_per_delivery", "").repeats());
}

TEST(GateCounts, leave_open_what_one_side_could_not_count) {
  auto const id = "syscalls_per_delivery";
  auto const no_base = judged(not_counted(id, "strace is not installed"), count(id, 2));
  EXPECT_EQ(no_base.verdict, GateVerdict::undecided);
  EXPECT_EQ(no_base.reason, "base: strace is not installed");
  EXPECT_EQ(no_base.head, 2);
  auto const no_head = judge_counts(usual_count_rules(), {count(id, 2)}, {}).at(0);
  EXPECT_EQ(no_head.verdict, GateVerdict::undecided);
  EXPECT_EQ(no_head.reason, "head: not counted");
  EXPECT_TRUE(judge_counts(usual_count_rules(), {}, {}).empty());
}

TEST(GateCounts, say_by_how_much_and_what_is_above_zero) {
  auto const more = judged(count("writes_per_delivery", 1), count("writes_per_delivery", 2));
  EXPECT_EQ(more.reason, "1 more than in base (+100.00 %)");
  EXPECT_EQ(more.effect, 1);
  EXPECT_EQ(more.tolerance, 0.01);
  auto const some =
      judged(count("allocations_per_delivery", 1.4), count("allocations_per_delivery", 1.4));
  EXPECT_EQ(some.verdict, GateVerdict::pass);
  EXPECT_EQ(some.reason, "the same; a delivery should need none");
  auto const from_none =
      judged(count("allocations_per_delivery", 0), count("allocations_per_delivery", 1));
  EXPECT_EQ(from_none.effect, std::nullopt);
  EXPECT_EQ(from_none.reason, "1 more than in base; a delivery should need none");
}

}  // namespace
}  // namespace pushlab::results

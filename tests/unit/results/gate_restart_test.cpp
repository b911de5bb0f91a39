#include "results/gate_restart.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cmath>

namespace pushlab::results {
namespace {

namespace json = boost::json;

constexpr PairTimes times{.period_s = 0.02, .warmup_s = 0};

json::array row(double intended_ms, json::value last_ms) {
  auto const half =
      last_ms.is_null() ? json::value() : json::value(last_ms.to_number<double>() / 2);
  return {intended_ms, 0.01, 200, 200, 0.1, half, half, last_ms};
}

json::object load_of(json::array rows) {
  json::object load{{"generator", {{"send_rate", 1.0}}},
                    {"server", {{"cpu_us_per_delivery", 5.0}}},
                    {"event_rows", {{"rows", std::move(rows)}}}};
  for (auto const* promise :
       {"lost", "duplicates", "out_of_order", "unentitled", "malformed", "disconnects"})
    load[promise] = 0;
  return load;
}

// `pairs` events, each side in its half of the period, the last subscriber after `last_ms`.
json::object even_load(std::size_t pairs, double offset_ms, double last_ms) {
  json::array rows;
  for (std::size_t pair = 0; pair < pairs; ++pair)
    rows.push_back(row(double(pair) * 20 + offset_ms, last_ms));
  return load_of(std::move(rows));
}

TEST(GateRestart, compares_the_two_events_of_a_pair) {
  GateRestart restart;
  auto head = even_load(100, 12, 2.2);
  head["server"].as_object()["cpu_us_per_delivery"] = 6.0;
  add_events(restart, even_load(100, 2, 2.0), head, times);
  EXPECT_TRUE(restart.invalid.empty());
  EXPECT_NEAR(*restart.values["event_last_ms"].effect, std::log(1.1), 1e-9);
  EXPECT_NEAR(restart.values["event_p50_ms"].base, 1.0, 1e-9);
  EXPECT_NEAR(*restart.values["cpu_us_per_delivery"].effect, std::log(1.2), 1e-9);
  EXPECT_EQ(restart.stalls.pairs, 100U);
  EXPECT_EQ(restart.stalls.only_head, 0U);
}

TEST(GateRestart, counts_what_was_not_delivered_as_it_was_published) {
  auto head = even_load(100, 12, 2.0);
  head["malformed"] = 3;
  GateRestart restart;
  add_events(restart, even_load(100, 2, 2.0), head, times);
  EXPECT_EQ(restart.faults["malformed"], std::pair(std::uint64_t{0}, std::uint64_t{3}));
}

TEST(GateRestart, leaves_out_a_pair_of_which_one_event_is_missing) {
  auto base = even_load(100, 2, 2.0);
  base["event_rows"].as_object()["rows"].as_array()[5] = row(102, nullptr);
  base["lost"] = 1;
  GateRestart restart;
  add_events(restart, base, even_load(99, 12, 2.0), times);
  EXPECT_EQ(restart.stalls.pairs, 98U);
  EXPECT_EQ(restart.faults["lost"].first, 1U);
  EXPECT_EQ(restart.faults["lost"].second, 0U);
}

TEST(GateRestart, keeps_pairs_together_when_the_warm_up_ends_within_one) {
  // Of the pair that began with it 10 ms to go, only base's event is measured.
  json::array base, head;
  base.push_back(row(2, 2.0));
  for (int pair = 0; pair < 100; ++pair) {
    auto const begin_ms = 10 + 20.0 * pair;
    auto& first = pair % 2 == 0 ? base : head;
    auto& second = pair % 2 == 0 ? head : base;
    first.push_back(row(begin_ms + 2, 2 + 0.1 * pair));
    second.push_back(row(begin_ms + 12, 2 + 0.1 * pair));
  }
  GateRestart restart;
  add_events(restart, load_of(base), load_of(head), {.period_s = 0.02, .warmup_s = 0.51});
  EXPECT_EQ(restart.stalls.pairs, 100U);
  EXPECT_NEAR(*restart.values["event_last_ms"].effect, 0, 1e-12);
}

TEST(GateRestart, counts_the_events_that_stall_on_one_side_only) {
  auto head = even_load(100, 12, 2.0);
  auto& rows = head["event_rows"].as_object()["rows"].as_array();
  rows[3] = row(72, 7.0);
  rows[4] = row(92, 7.0);
  auto base = even_load(100, 2, 2.0);
  base["event_rows"].as_object()["rows"].as_array()[4] = row(82, 9.0);
  GateRestart restart;
  add_events(restart, base, head, times);
  EXPECT_EQ(restart.stalls.head, 2U);
  EXPECT_EQ(restart.stalls.base, 1U);
  EXPECT_EQ(restart.stalls.only_head, 1U);
  EXPECT_EQ(restart.stalls.only_base, 0U);
  EXPECT_TRUE(restart.invalid.empty());
}

// As even_load, but that the first events took five times as long and more.
json::object stormy_load(std::size_t stormy, double offset_ms) {
  auto load = even_load(100, offset_ms, 2.0);
  auto& rows = load["event_rows"].as_object()["rows"].as_array();
  for (std::size_t pair = 0; pair < stormy; ++pair)
    rows[pair] = row(double(pair) * 20 + offset_ms, 11.0);
  return load;
}

TEST(GateRestart, is_invalid_when_the_machine_stood_still_for_a_third_of_the_pairs) {
  GateRestart restart;
  add_events(restart, stormy_load(31, 2), stormy_load(35, 12), times);
  ASSERT_EQ(restart.invalid.size(), 1U);
  EXPECT_NE(restart.invalid[0].find("31 % of base's events"), std::string::npos)
      << restart.invalid[0];
  EXPECT_TRUE(restart.machine_limited);
}

TEST(GateRestart, takes_no_head_that_stalls_for_a_busy_machine) {
  GateRestart restart;
  add_events(restart, stormy_load(1, 2), stormy_load(60, 12), times);
  EXPECT_TRUE(restart.invalid.empty());
  EXPECT_EQ(restart.stalls.only_head, 59U);
}

GateRestart with_send_rates(double of_base, double of_head) {
  auto base = even_load(100, 2, 2.0);
  auto head = even_load(100, 12, 2.0);
  base["generator"].as_object()["send_rate"] = of_base;
  head["generator"].as_object()["send_rate"] = of_head;
  GateRestart restart;
  add_events(restart, base, head, times);
  return restart;
}

TEST(GateRestart, is_limited_by_the_machine_when_both_generators_could_not_send) {
  auto const restart = with_send_rates(0.96, 0.5);
  ASSERT_EQ(restart.invalid.size(), 1U);
  EXPECT_EQ(restart.invalid[0],
            "only 96 % of the events for base and 50 % of those for head could be sent in time");
  EXPECT_TRUE(restart.machine_limited);
  EXPECT_FALSE(restart.faults.contains("unsent"));
}

TEST(GateRestart, blames_the_side_whose_events_alone_could_not_be_sent) {
  auto const head = with_send_rates(0.99, 0.5);
  ASSERT_EQ(head.invalid.size(), 1U);
  EXPECT_EQ(head.invalid[0],
            "head: only 50 % of the events could be sent in time, those for base could");
  EXPECT_FALSE(head.machine_limited);
  EXPECT_EQ(head.faults.at("unsent"), std::pair(std::uint64_t{0}, std::uint64_t{50}));
  auto const base = with_send_rates(0.5, 1);
  EXPECT_EQ(base.faults.at("unsent"), std::pair(std::uint64_t{50}, std::uint64_t{0}));
  EXPECT_EQ(base.invalid.size(), 1U);
}

TEST(GateRestart, says_which_side_let_not_all_clients_in) {
  GateRestart fine, head, both;
  EXPECT_FALSE(add_refused(fine, 200, 0, 0));
  EXPECT_TRUE(fine.invalid.empty());
  EXPECT_TRUE(add_refused(head, 200, 0, 50));
  EXPECT_EQ(head.faults.at("refused").second, 50U);
  EXPECT_EQ(head.invalid.at(0), "head: 50 of 200 clients could not connect, all of base could");
  EXPECT_TRUE(add_refused(both, 200, 3, 50));
  EXPECT_EQ(both.faults.at("refused").first, 3U);
  EXPECT_EQ(both.invalid.at(0), "3 clients of base and 50 of head, of 200 each, could not connect");
}

TEST(GateRestart, is_the_same_after_it_was_stored) {
  GateRestart restart;
  add_events(restart, even_load(100, 2, 2.0), even_load(100, 12, 2.5), times);
  restart.faults["duplicates"] = {1, 2};
  restart.invalid.emplace_back("a reason");
  restart.machine_limited = true;
  add_value(restart, "memory_kib_per_connection", -1, 2);
  EXPECT_EQ(to_json(restart_from_json(to_json(restart))), to_json(restart));
}

TEST(GateRestart, can_be_read_with_the_sides_exchanged) {
  GateRestart restart;
  add_events(restart, even_load(100, 2, 2.0), even_load(100, 12, 2.5), times);
  restart.faults["lost"] = {0, 4};
  add_value(restart, "memory_kib_per_connection", -1, 2);
  auto const other = flipped(restart);
  EXPECT_EQ(*other.values.at("event_last_ms").effect, -*restart.values["event_last_ms"].effect);
  EXPECT_EQ(other.values.at("event_last_ms").base, 2.5);
  EXPECT_EQ(other.faults.at("lost").first, 4U);
  EXPECT_EQ(to_json(flipped(other)), to_json(restart));
}

}  // namespace
}  // namespace pushlab::results

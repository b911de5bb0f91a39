#include "results/gate_restart.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cmath>

namespace pushlab::results {
namespace {

namespace json = boost::json;

constexpr double period_s = 0.02;

json::array row(double intended_ms, json::value last_ms) {
  auto const half =
      last_ms.is_null() ? json::value() : json::value(last_ms.to_number<double>() / 2);
  return {intended_ms, 0.01, 200, 200, 0.1, half, half, last_ms};
}

json::object load_of(json::array rows) {
  json::object load{{"generator", {{"send_rate", 1.0}}},
                    {"server", {{"cpu_us_per_delivery", 5.0}}},
                    {"event_rows", {{"rows", std::move(rows)}}}};
  for (auto const* promise : {"lost", "duplicates", "out_of_order", "unentitled", "disconnects"})
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
  add_events(restart, even_load(100, 2, 2.0), head, period_s);
  EXPECT_TRUE(restart.invalid.empty());
  EXPECT_NEAR(restart.values["event_last_ms"].effect, std::log(1.1), 1e-9);
  EXPECT_NEAR(restart.values["event_p50_ms"].base, 1.0, 1e-9);
  EXPECT_NEAR(restart.values["cpu_us_per_delivery"].effect, std::log(1.2), 1e-9);
  EXPECT_EQ(restart.stalls.pairs, 100U);
  EXPECT_EQ(restart.stalls.only_head, 0U);
}

TEST(GateRestart, leaves_out_a_pair_of_which_one_event_is_missing) {
  auto base = even_load(100, 2, 2.0);
  base["event_rows"].as_object()["rows"].as_array()[5] = row(102, nullptr);
  base["lost"] = 1;
  GateRestart restart;
  add_events(restart, base, even_load(99, 12, 2.0), period_s);
  EXPECT_EQ(restart.stalls.pairs, 98U);
  EXPECT_EQ(restart.faults["lost"].first, 1U);
  EXPECT_EQ(restart.faults["lost"].second, 0U);
}

TEST(GateRestart, counts_the_events_that_stall_on_one_side_only) {
  auto head = even_load(100, 12, 2.0);
  auto& rows = head["event_rows"].as_object()["rows"].as_array();
  rows[3] = row(72, 7.0);
  rows[4] = row(92, 7.0);
  auto base = even_load(100, 2, 2.0);
  base["event_rows"].as_object()["rows"].as_array()[4] = row(82, 9.0);
  GateRestart restart;
  add_events(restart, base, head, period_s);
  EXPECT_EQ(restart.stalls.head, 2U);
  EXPECT_EQ(restart.stalls.base, 1U);
  EXPECT_EQ(restart.stalls.only_head, 1U);
  EXPECT_EQ(restart.stalls.only_base, 0U);
  EXPECT_TRUE(restart.invalid.empty());
}

TEST(GateRestart, is_invalid_when_the_machine_stood_still_for_a_third_of_the_pairs) {
  auto head = even_load(100, 12, 2.0);
  auto& rows = head["event_rows"].as_object()["rows"].as_array();
  for (std::size_t pair = 0; pair < 31; ++pair) rows[pair] = row(double(pair) * 20 + 12, 11.0);
  GateRestart restart;
  add_events(restart, even_load(100, 2, 2.0), head, period_s);
  ASSERT_EQ(restart.invalid.size(), 1U);
  EXPECT_NE(restart.invalid[0].find("31 % of the pairs"), std::string::npos) << restart.invalid[0];
}

TEST(GateRestart, is_invalid_when_the_generator_could_not_send) {
  auto head = even_load(100, 12, 2.0);
  head["generator"].as_object()["send_rate"] = 0.96;
  GateRestart restart;
  add_events(restart, even_load(100, 2, 2.0), head, period_s);
  ASSERT_EQ(restart.invalid.size(), 1U);
  EXPECT_NE(restart.invalid[0].find("for head"), std::string::npos);
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
  add_events(restart, even_load(100, 2, 2.0), even_load(100, 12, 2.5), period_s);
  restart.faults["duplicates"] = {1, 2};
  restart.invalid.emplace_back("a reason");
  EXPECT_EQ(to_json(restart_from_json(to_json(restart))), to_json(restart));
}

TEST(GateRestart, can_be_read_with_the_sides_exchanged) {
  GateRestart restart;
  add_events(restart, even_load(100, 2, 2.0), even_load(100, 12, 2.5), period_s);
  restart.faults["lost"] = {0, 4};
  auto const other = flipped(restart);
  EXPECT_EQ(other.values.at("event_last_ms").effect, -restart.values["event_last_ms"].effect);
  EXPECT_EQ(other.values.at("event_last_ms").base, 2.5);
  EXPECT_EQ(other.faults.at("lost").first, 4U);
  EXPECT_EQ(to_json(flipped(other)), to_json(restart));
}

}  // namespace
}  // namespace pushlab::results

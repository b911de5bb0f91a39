#include "driver/gate_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "driver/gate_run.hpp"
#include "driver/input_error.hpp"

namespace pushlab::driver {
namespace {

GateFile parsed(std::string const& more) {
  return parse_gate_file("title = \"a gate\"\npairs_per_s = 60\n" + more, "gate.toml");
}

std::string complaint(std::string const& more) {
  try {
    parsed(more);
  } catch (InputError const& error) {
    return error.what();
  }
  return "none";
}

results::MetricRule rule_of(GateFile const& gate, std::string_view id) {
  return *std::ranges::find(gate.rules.metrics, id, &results::MetricRule::id);
}

TEST(GateFile, needs_little_more_than_a_title) {
  auto const gate = parsed("");
  EXPECT_EQ(gate.rules.looks, (std::vector<unsigned>{5, 10, 15}));
  EXPECT_EQ(rule_of(gate, "event_p50_ms").tolerance, 0.02);
  EXPECT_EQ(rule_of(gate, "event_p50_ms").limit, 0.05);
}

TEST(GateFile, takes_looks_and_limits) {
  auto const gate = parsed(
      "clients = 50\n[looks]\nrestarts = [3, 6, 9]\nalpha = 0.05\n"
      "[limits]\nget_us = { tolerance = 0.1, limit = 0.3 }\n");
  EXPECT_EQ(gate.clients, 50U);
  EXPECT_EQ(gate.rules.looks, (std::vector<unsigned>{3, 6, 9}));
  EXPECT_EQ(gate.rules.alpha, 0.05);
  EXPECT_EQ(rule_of(gate, "get_us").limit, 0.3);
  EXPECT_EQ(rule_of(gate, "event_last_ms").limit, 0.05);
}

TEST(GateFile, says_what_is_wrong_where_and_how_to_mend_it) {
  EXPECT_EQ(complaint("[limits]\nget_us = { tolerance = 0.1, limit = 0.1 }\n"),
            "gate.toml:4: limit is 0.1 and tolerance 0.1: between them lies what is undecided, so "
            "limit must be higher");
  EXPECT_NE(
      complaint("[limits]\nevent_p51_ms = { tolerance = 0.1, limit = 0.2 }\n").find("event_p51_ms"),
      std::string::npos);
  EXPECT_NE(complaint("clientss = 5\n").find("gate.toml:3"), std::string::npos);
  EXPECT_NE(complaint("[looks]\nrestarts = [5, 4, 9]\n").find("gate.toml:4"), std::string::npos);
}

TEST(GateFile, takes_tolerances_of_counts) {
  auto const gate = parsed("[limits]\nbytes_per_delivery = { tolerance = 0.03 }\n");
  EXPECT_EQ(gate.count_rules.at(0).id, "bytes_per_delivery");
  EXPECT_EQ(gate.count_rules.at(0).tolerance, 0.03);
  EXPECT_EQ(gate.count_rules.at(1).tolerance, 0.01);
  EXPECT_EQ(
      complaint("[limits]\nbytes_per_delivery = { tolerance = 0.01, limit = 0.02 }\n"),
      "gate.toml:4: a count is exact and nothing of it is undecided: give its tolerance only");
}

TEST(GateFile, gives_each_target_its_part_of_the_error_rate) {
  EXPECT_EQ(rules_of(parsed(""), "sse", 1).alpha, 0.01);
  EXPECT_EQ(rules_of(parsed(""), "sse", 4).alpha, 0.0025);
}

TEST(GateFile, counts_notifications_as_large_as_those_it_times) {
  Target target;
  target.strategy = "long-poll";
  auto const plan = count_plan(parsed("payload_bytes = 3000\n"), target);
  EXPECT_EQ(plan.payload_bytes, 3000U);
  EXPECT_EQ(plan.clients, 1U);
}

TEST(GateFile, knows_what_it_measures_of_a_strategy) {
  auto const measured = [](std::string const& more, std::string_view strategy) {
    std::vector<std::string> ids;
    for (auto const& rule : rules_of(parsed(more), strategy, 1).metrics) ids.push_back(rule.id);
    return ids;
  };
  EXPECT_EQ(measured("", "sse").size(), 8U);
  EXPECT_EQ(measured("crowd = 0\nprobes = 0\n", "websocket"), measured("", "long-poll"));
  EXPECT_EQ(measured("", "long-poll"),
            (std::vector<std::string>{"event_p50_ms", "event_p90_ms", "event_last_ms",
                                      "stalled_events", "cpu_us_per_delivery"}));
  EXPECT_EQ(measured("", "reload"), (std::vector<std::string>{"get_us", "cpu_us_per_get"}));
  EXPECT_THROW(measured("probes = 0\n", "short-poll"), InputError);
}

TEST(GateFile, of_the_project_gates_targets_of_ours) {
  auto const gate = read_gate_file(PUSHLAB_SCENARIOS_FOLDER "/gate.toml");
  EXPECT_EQ(gate.targets.size(), 4U);
  EXPECT_TRUE(gate.counts);
}

}  // namespace
}  // namespace pushlab::driver

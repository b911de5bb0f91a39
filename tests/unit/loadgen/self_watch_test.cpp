#include "loadgen/recorder/self_watch.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "loadgen/recorder/system_reading.hpp"

namespace pushlab::loadgen {
namespace {

SelfFacts healthy() {
  SelfFacts facts;
  facts.cpu_share = 0.5;
  facts.lag_p99_ns = 1e5;
  facts.latency_p50_ns = 5e6;
  facts.loop_delay_p99_ns = 1e5;
  facts.wait_share = 0.01;
  facts.steal_share = 0.005;
  facts.pressure_share = 0.05;
  facts.listen_overflows = 0;
  facts.receive_drops = 0;
  facts.backlog_drops = 0;
  facts.recovery_lag_ns = 1e7;
  facts.recovery_ns = 1e9;
  return facts;
}

Verdict verdict_of(SelfFacts const& facts, std::string_view name) {
  auto const checks = check_self(facts);
  auto const found = std::ranges::find(checks, name, &SelfCheck::check);
  EXPECT_NE(found, checks.end()) << name;
  for (auto const& check : checks) {  // a rule trips alone
    EXPECT_TRUE(check.check == name || check.verdict == Verdict::ok) << check.check;
  }
  return found == checks.end() ? Verdict::ok : found->verdict;
}

// The one reason that the facts give; "" when there is none or more than one.
std::string only_reason(SelfFacts const& facts) {
  auto const reasons = invalid_reasons(check_self(facts));
  return reasons.size() == 1 ? reasons.front() : "";
}

struct Rule {
  std::string_view check;
  void (*set)(SelfFacts&, double);
  double ok, suspect, invalid;  // values with that verdict; invalid 0: the rule knows no worse
};

void PrintTo(Rule const& rule, std::ostream* out) {
  *out << rule.check;
}

class SelfWatchRule : public testing::TestWithParam<Rule> {};

TEST_P(SelfWatchRule, trips_at_its_limits_alone) {
  auto const& rule = GetParam();
  auto facts = healthy();
  rule.set(facts, rule.ok);
  EXPECT_EQ(verdict_of(facts, rule.check), Verdict::ok);
  if (rule.suspect != 0) {
    rule.set(facts, rule.suspect);
    EXPECT_EQ(verdict_of(facts, rule.check), Verdict::suspect);
  }
  EXPECT_TRUE(invalid_reasons(check_self(facts)).empty());
  if (rule.invalid == 0) return;
  rule.set(facts, rule.invalid);
  EXPECT_EQ(verdict_of(facts, rule.check), Verdict::invalid);
  EXPECT_FALSE(only_reason(facts).empty());
}

INSTANTIATE_TEST_SUITE_P(
    Every, SelfWatchRule,
    testing::Values(
        Rule{"send_rate", [](SelfFacts& f, double v) { f.send_rate = v; }, 0.99, 0.98, 0.969},
        Rule{"lag", [](SelfFacts& f, double v) { f.lag_p99_ns = v; }, 5e5, 6e5, 2.6e6},
        Rule{"recovery_lag", [](SelfFacts& f, double v) { f.recovery_lag_ns = v; }, 5e7, 6e7,
             2.1e8},
        Rule{"loop_delay", [](SelfFacts& f, double v) { f.loop_delay_p99_ns = v; }, 5e5, 6e5,
             1.6e6},
        Rule{"cpu", [](SelfFacts& f, double v) { f.cpu_share = v; }, 0.8, 0.85, 0.91},
        Rule{"run_queue_wait", [](SelfFacts& f, double v) { f.wait_share = v; }, 0.02, 0.05, 0.11},
        Rule{"steal", [](SelfFacts& f, double v) { f.steal_share = v; }, 0.01, 0.03, 0.06},
        Rule{"cpu_pressure", [](SelfFacts& f, double v) { f.pressure_share = v; }, 0.1, 0.9, 0},
        Rule{"listen_overflows",
             [](SelfFacts& f, double v) { f.listen_overflows = static_cast<std::uint64_t>(v); }, 0,
             1, 0},
        Rule{"backlog_drops",
             [](SelfFacts& f, double v) { f.backlog_drops = static_cast<std::uint64_t>(v); }, 0, 0,
             1},
        Rule{"descriptors_or_ports",
             [](SelfFacts& f, double v) { f.exhausted = static_cast<std::uint64_t>(v); }, 0, 0, 1}),
    [](auto const& row) { return std::string(row.param.check); });

TEST(SelfWatch, passes_a_healthy_run) {
  auto const checks = check_self(healthy());
  EXPECT_EQ(checks.size(), 12U);
  for (auto const& check : checks) EXPECT_EQ(check.verdict, Verdict::ok) << check.check;
}

TEST(SelfWatch, says_what_tripped_and_how_to_mend_it) {
  auto facts = healthy();
  facts.cpu_share = 0.95;
  EXPECT_EQ(only_reason(facts),
            "The load generator used its core to 95 % (at most 90 %): lower the clients or the "
            "rate, or give it more workers.");
}

TEST(SelfWatch, expects_drops_only_where_it_reads_slowly_itself) {
  auto facts = healthy();
  facts.receive_drops = 3;
  EXPECT_EQ(verdict_of(facts, "receive_drops"), Verdict::invalid);
  facts.has_slow_readers = true;
  EXPECT_EQ(verdict_of(facts, "receive_drops"), Verdict::suspect);
}

TEST(SelfWatch, forgives_a_delay_below_half_a_millisecond) {
  auto facts = healthy();
  facts.latency_p50_ns = 1e5;
  facts.lag_p99_ns = 4.9e5;
  facts.loop_delay_p99_ns = 4.9e5;
  EXPECT_TRUE(invalid_reasons(check_self(facts)).empty());
}

TEST(SelfWatch, does_not_blame_itself_for_what_was_not_delivered) {
  auto facts = healthy();
  facts.latency_p50_ns = std::nullopt;
  facts.lag_p99_ns = 1e9;
  EXPECT_TRUE(invalid_reasons(check_self(facts)).empty());
}

TEST(SelfWatch, leaves_out_what_the_kernel_does_not_tell) {
  for (auto const& check : check_self({})) {
    EXPECT_TRUE(check.check == "send_rate" || check.check == "cpu" ||
                check.check == "descriptors_or_ports")
        << check.check;
  }
}

TEST(SystemReading, understands_the_kernel) {
  SystemReading out;
  parse_schedstat("347993 199493 2\n", out);
  parse_stat("cpu  10 20 30 40 5 0 3 7 1 1\ncpu0 1 1 1 1 1 1 1 1 1 1\n", out);
  parse_pressure("some avg10=0.00 avg60=0.02 avg300=1.20 total=166\nfull avg10=0.00 total=9\n",
                 out);
  parse_netstat("TcpExt: A ListenDrops TCPRcvQDrop\nTcpExt: 1 22 3\nIpExt: X\nIpExt: 9\n", out);
  EXPECT_EQ(out.wait_ns, 199493U);
  EXPECT_EQ(out.all_ticks, 115U);
  EXPECT_EQ(out.steal_ticks, 7U);
  EXPECT_EQ(out.pressure_us, 166U);
  EXPECT_EQ(out.listen_overflows, 22U);
  EXPECT_EQ(out.receive_drops, 3U);
  parse_softnet("00a1 00000010 00000000\n00b2 00000002 00000000\n", out);
  EXPECT_EQ(out.backlog_drops, 18U);
}

TEST(SystemReading, knows_nothing_where_the_kernel_tells_nothing) {
  SystemReading out;
  parse_schedstat("", out);
  parse_stat("cpu  1 2\n", out);
  parse_pressure("", out);
  parse_netstat("TcpExt: A ListenDrops\n", out);
  parse_softnet("", out);
  EXPECT_FALSE(out.wait_ns || out.steal_ticks || out.pressure_us || out.listen_overflows);
  EXPECT_FALSE(out.receive_drops || out.backlog_drops);
  EXPECT_FALSE(difference(out, read_machine()).wait_ns);
}

TEST(SystemReading, is_there_on_this_machine) {
  auto const now = read_machine();
  EXPECT_TRUE(now.wait_ns);
  EXPECT_TRUE(now.all_ticks);
  EXPECT_TRUE(now.receive_drops);
  EXPECT_TRUE(now.backlog_drops);
}

}  // namespace
}  // namespace pushlab::loadgen

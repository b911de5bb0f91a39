#include "results/summary.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "results/format.hpp"
#include "results/metric.hpp"
#include "results/read.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::results {
namespace {

namespace json = boost::json;
using sample::Plan;
using sample::Random;
using sample::Target;

// Small enough to be quick in a debug build: 3 repetitions of 40 events to 50 clients.
Plan small() {
  return {50, 40, 3, 10, 0.08, 1};
}

json::object summarised(Plan const& plan, std::vector<Target> const& targets) {
  json::object result = sample::result(plan, targets);
  summarise(result);
  return result;
}

json::object const& target(json::object const& result, std::size_t index) {
  return result.at("targets").at(index).as_object();
}

double value(json::object const& result, std::size_t index, std::string_view metric) {
  return number_at(figure_of(target(result, index), metric), "value").value_or(std::nan(""));
}

Target constant(std::string id, double ms) {
  return {id, id, "sse", [ms](Random&, double) { return ms; }};
}

// Uniform between 0 and `interval`: what polling every `interval` does.
Target uniform(std::string id, double interval) {
  return {id, id, "short-poll",
          [interval](Random& random, double) { return interval * random.uniform(); }};
}

json::object comparison(json::object const& result, std::string_view metric, std::string_view id) {
  for (json::value const& entry : result.at("comparisons").as_array()) {
    if (entry.at("metric").as_string() == metric && entry.at("target").as_string() == id)
      return entry.as_object();
  }
  ADD_FAILURE() << "no comparison of " << id << " at " << metric;
  return {};
}

std::string sentence(json::object const& result) {
  return text_at(result, "answer.sentence");
}

TEST(Summary, says_why_a_count_was_not_taken) {
  json::object result = sample::result(small(), {constant("a", 1)});
  auto& counted = result.at("targets").at(0).as_object();
  for (auto& repetition : counted.at("repetitions").as_array())
    repetition.at("server").as_object().erase("syscalls_per_delivery");
  counted["counts"] = json::array{
      {{"id", "syscalls_per_delivery"}, {"value", nullptr}, {"reason", "there is no strace"}}};
  summarise(result);
  auto const& figure = figure_of(target(result, 0), "syscalls_per_delivery");
  EXPECT_TRUE(figure.at("value").is_null());
  EXPECT_EQ(figure.at("remark"), "not measured: there is no strace");
}

TEST(Summary, finds_the_percentiles_of_a_known_distribution) {
  Plan plan = small();
  plan.lag_ms = 0;
  json::object const result = summarised(plan, {uniform("poll", 100)});
  EXPECT_NEAR(value(result, 0, "latency_p50_ms"), 50, 2);
  EXPECT_NEAR(value(result, 0, "latency_p90_ms"), 90, 1.5);
  EXPECT_NEAR(value(result, 0, "latency_p99_ms"), 99, 1);
  EXPECT_NEAR(value(result, 0, "event_median_ms"), 50, 3);
  EXPECT_NEAR(value(result, 0, "last_subscriber_ms"), 98.6,
              1);  // the median maximum of 50: 100 * 0.5^(1/50)
  EXPECT_NEAR(value(result, 0, "spread_ms"), 96.7, 2);
}

TEST(Summary, intervals_hold_the_true_value_of_a_known_distribution) {
  int held = 0;
  constexpr int bootstrap_trials = 20;
  for (int trial = 0; trial < bootstrap_trials; ++trial) {
    Plan plan = small();
    plan.lag_ms = 0;
    plan.seed = static_cast<std::uint64_t>(trial) + 1;
    json::object const result = summarised(plan, {uniform("poll", 100)});
    json::object const& figure = figure_of(target(result, 0), "latency_p50_ms");
    held += figure.at("lo").as_double() <= 50 && 50 <= figure.at("hi").as_double();
    EXPECT_LT(figure.at("hi").as_double() - figure.at("lo").as_double(), 20);
  }
  EXPECT_GE(held, 17);
}

TEST(Summary, separates_the_planned_moment_from_the_send) {
  Plan plan = small();
  plan.lag_ms = 10;  // 5 to 15 ms late
  json::object const result = summarised(plan, {constant("sse", 2)});
  EXPECT_NEAR(value(result, 0, "latency_from_send_p50_ms"), 2, 0.02);
  EXPECT_NEAR(value(result, 0, "latency_p50_ms"), 12, 1);
  EXPECT_NEAR(value(result, 0, "generator_lag_ms_p99"), 15, 0.5);
}

TEST(Summary, merges_the_repetitions_histograms_exactly) {
  json::object const result = summarised(small(), {uniform("poll", 100)});
  json::object const& merged = object_at(target(result, 0), "histograms.latency");
  EXPECT_EQ(merged.at("total").to_number<int>(), 50 * 40 * 3);
}

TEST(Summary, divides_sums_and_averages_what_it_should) {
  Target polling = constant("poll", 1);
  polling.requests = 2;
  polling.useless_share = 0.5;
  polling.bytes = 100;
  json::object const result = summarised(small(), {polling});
  double const requests = 50 + 2 * 50 * 40;
  EXPECT_NEAR(value(result, 0, "requests_per_delivery"), requests / 2000, 1e-9);
  EXPECT_NEAR(value(result, 0, "bytes_per_delivery"), 100 + 120 * requests / 2000, 1e-6);
  EXPECT_NEAR(value(result, 0, "useless_requests"), 3 * requests / 2, 1e-9);
  EXPECT_NEAR(value(result, 0, "useless_request_share"), 0.5, 1e-9);
  EXPECT_NEAR(value(result, 0, "server_cpu_us_per_delivery"), 6, 0.5);
}

TEST(Summary, has_the_mean_of_all_deliveries_with_an_interval) {
  json::object const result = summarised(small(), {uniform("poll", 100)});
  EXPECT_NEAR(value(result, 0, "latency_mean_ms"), 50, 2);
  json::object const& mean = figure_of(target(result, 0), "latency_mean_ms");
  EXPECT_LT(mean.at("lo").as_double(), mean.at("value").as_double());
  EXPECT_GT(mean.at("hi").as_double(), mean.at("value").as_double());
  Target lossy = uniform("poll", 100);
  lossy.lost = 1;
  EXPECT_TRUE(std::isnan(value(summarised(small(), {lossy}), 0, "latency_mean_ms")));
}

TEST(Summary, counts_requests_by_client_and_hour) {
  Target polling = constant("poll", 1);
  polling.requests = 2;
  polling.useless_share = 0.5;
  json::object const result = summarised(small(), {polling});
  double const per_client = (50 + 2 * 50 * 40) / 50.0;  // in 4 s
  EXPECT_NEAR(value(result, 0, "requests_per_client_hour"), per_client * 900, 1e-6);
  EXPECT_NEAR(value(result, 0, "useless_per_client_hour"), per_client * 900 / 2, 1e-6);
  EXPECT_NEAR(value(result, 0, "useless_per_delivery"), per_client / 40 / 2, 1e-9);
}

TEST(Summary, adds_headers_of_segments_to_the_bytes_on_the_wire) {
  Target target = constant("sse", 1);
  target.bytes = 100;
  json::object const result = summarised(small(), {target});
  EXPECT_NEAR(value(result, 0, "wire_bytes_per_delivery"), 100 + 120 * 50 / 2000.0 + 2 * 52, 1e-6);
}

TEST(Summary, relates_the_spread_of_an_event_to_its_median) {
  Target fan_out{"sse", "sse", "sse", [](Random&, double share) { return 1 + share; }};
  Plan plan = small();
  plan.lag_ms = 0;
  EXPECT_NEAR(value(summarised(plan, {fan_out}), 0, "spread_share"), 0.98 / 1.5, 0.01);
}

TEST(Summary, gives_the_same_output_for_the_same_input_and_again_for_its_own) {
  json::object const once = summarised(small(), sample::five_targets());
  json::object again = once;
  summarise(again);
  EXPECT_EQ(again, once);
}

TEST(Summary, names_the_fastest_and_by_how_much) {
  json::object const result = summarised(small(), {constant("slow", 30), constant("fast", 10)});
  EXPECT_EQ(result.at("answer").at("winners"), (json::array{"fast"}));
  EXPECT_FALSE(result.at("answer").at("tie").as_bool());
  json::object const slow = comparison(result, "latency_p99_ms", "slow");
  EXPECT_EQ(slow.at("best"), "fast");
  EXPECT_NEAR(slow.at("ratio").as_double(), 3, 0.05);
  EXPECT_EQ(slow.at("verdict"), "worse");
  EXPECT_TRUE(sentence(result).starts_with("fast was the fastest")) << sentence(result);
  EXPECT_NE(sentence(result).find("next is slow"), std::string::npos);
}

TEST(Summary, does_not_care_in_which_order_the_targets_come) {
  json::object const one = summarised(small(), {constant("a", 30), constant("b", 10)});
  json::object const other = summarised(small(), {constant("b", 10), constant("a", 30)});
  EXPECT_EQ(one.at("answer"), other.at("answer"));
}

TEST(Summary, calls_a_difference_below_ten_percent_a_tie) {
  json::object const result = summarised(small(), {constant("a", 10), constant("b", 10.5)});
  EXPECT_EQ(result.at("answer").at("winners"), (json::array{"a", "b"}));
  EXPECT_TRUE(result.at("answer").at("tie").as_bool());
  EXPECT_EQ(result.at("answer").at("verdict"), "equal");
  EXPECT_EQ(comparison(result, "latency_p99_ms", "b").at("verdict"), "equal within 25 %");
  EXPECT_EQ(comparison(result, "latency_p50_ms", "b").at("verdict"), "equal within 10 %");
  EXPECT_TRUE(sentence(result).starts_with("a and b are tied")) << sentence(result);
}

TEST(Summary, calls_what_the_noise_hides_a_tie) {
  // Whole repetitions differ by half; the two targets by less than that.
  auto const noisy = [](std::string id, double factor, std::vector<double> levels) {
    Target target = constant(id, 1);
    json::object result = sample::result(small(), {target});
    return std::pair(target, [=](json::object& measured) {
      json::array& repetitions = measured["repetitions"].as_array();
      for (std::size_t i = 0; i < repetitions.size(); ++i) {
        double const ms = factor * levels[i];
        Target level = constant(id, ms);
        Plan plan = small();
        plan.lag_ms = 0;
        repetitions[i] = sample::repetition(plan, level, static_cast<std::uint32_t>(i));
      }
    });
  };
  auto const [a, change_a] = noisy("a", 1, {10, 15, 12});
  auto const [b, change_b] = noisy("b", 1.15, {15, 9, 13});
  json::object result = sample::result(small(), {a, b});
  change_a(result["targets"].at(0).as_object());
  change_b(result["targets"].at(1).as_object());
  summarise(result);
  EXPECT_TRUE(result.at("answer").at("tie").as_bool()) << sentence(result);
  EXPECT_EQ(result.at("answer").at("verdict"), "undecided");
  EXPECT_NE(sentence(result).find("cannot be told apart"), std::string::npos) << sentence(result);
  EXPECT_EQ(result.at("answer").at("winners").as_array().size(), 2U);
}

TEST(Summary, calls_nobody_fastest_who_was_compared_with_nobody) {
  Target lossy = constant("lossy", 1);
  lossy.lost = 1;
  json::object result = sample::result(small(), {lossy, constant("slow", 300)});
  summarise(result);
  EXPECT_EQ(result.at("answer").at("verdict"), "alone");
  EXPECT_TRUE(sentence(result).starts_with("There is nothing to compare slow with"))
      << sentence(result);
}

TEST(Summary, lets_no_target_win_that_lost_deliveries) {
  Target lossy = constant("fast-but-lossy", 1);
  lossy.title = "Lossy";
  lossy.lost = 1;
  json::object const result = summarised(small(), {lossy, constant("whole", 20)});
  EXPECT_EQ(result.at("answer").at("winners"), (json::array{"whole"}));
  EXPECT_EQ(result.at("answer").at("excluded").at(0).at("reason"),
            "Lossy lost 3 deliveries and cannot win.");
  EXPECT_TRUE(target(result, 0).at("valid").as_bool());
  EXPECT_EQ(comparison(result, "latency_p50_ms", "fast-but-lossy").at("verdict"),
            "better, but cannot win");
}

TEST(Summary, says_how_many_clients_a_target_did_not_let_in) {
  Target lossy = constant("lossy", 1);
  lossy.title = "Lossy";
  lossy.lost = 1;
  json::object result = sample::result(small(), {lossy, constant("whole", 20)});
  for (auto& one : result.at("targets").at(0).at("repetitions").as_array()) {
    one.as_object()["clients"] = 400;
    one.as_object()["connect_failures"] = 9;
  }
  summarise(result);
  EXPECT_EQ(result.at("answer").at("excluded").at(0).at("reason"),
            "Lossy lost 3 deliveries (27 of 1200 clients could not connect) and cannot win.");
}

TEST(Summary, lets_no_target_win_that_sent_what_nobody_had_subscribed_to) {
  Target careless = constant("fast-but-careless", 1);
  careless.title = "Careless";
  careless.unentitled = 2;
  json::object const result = summarised(small(), {careless, constant("strict", 20)});
  EXPECT_EQ(result.at("answer").at("winners"), (json::array{"strict"}));
  EXPECT_EQ(result.at("answer").at("excluded").at(0).at("reason"),
            "Careless sent 6 events to clients that had not subscribed and cannot win.");
}

TEST(Summary, counts_lost_deliveries_as_infinitely_late) {
  Target lossy = constant("lossy", 1);
  lossy.lost = 49;  // of 50 clients in the last of 40 events: 2.45 %
  json::object const result = summarised(small(), {lossy, constant("whole", 20)});
  json::object const& p99 = figure_of(target(result, 0), "latency_p99_ms");
  EXPECT_TRUE(p99.at("value").is_null());
  EXPECT_TRUE(p99.at("undelivered").as_bool());
  EXPECT_NE(text_at(p99, "remark").find("undelivered"), std::string::npos);
  EXPECT_NEAR(value(result, 0, "latency_p90_ms"), 1.08, 0.1);
  EXPECT_EQ(comparison(result, "latency_p99_ms", "lossy").at("verdict"), "worse: undelivered");
}

TEST(Summary, lets_no_target_win_that_was_not_measured_validly) {
  json::object result = sample::result(small(), {constant("fast", 1), constant("slow", 20)});
  for (std::size_t const repetition : {1U, 2U}) {
    json::object& generator =
        result["targets"].at(0).at("repetitions").at(repetition).at("generator").as_object();
    generator["valid"] = false;
    generator["invalid_reasons"] = json::array{"cpu 97 %"};
  }
  summarise(result);
  EXPECT_FALSE(target(result, 0).at("valid").as_bool());
  EXPECT_EQ(target(result, 0).at("invalid_reasons"),
            (json::array{"repetitions 2 and 3: cpu 97 %"}));
  EXPECT_EQ(result.at("answer").at("winners"), (json::array{"slow"}));
}

TEST(Summary, has_no_winner_when_nobody_qualifies) {
  json::object result = sample::result(small(), {constant("a", 1)});
  for (json::value& repetition : result["targets"].at(0).at("repetitions").as_array()) {
    repetition.as_object()["error"] = "the server died";
  }
  summarise(result);
  EXPECT_TRUE(result.at("answer").at("winners").as_array().empty());
  EXPECT_TRUE(figure_of(target(result, 0), "latency_p50_ms").at("value").is_null());
  EXPECT_EQ(target(result, 0).at("invalid_reasons").at(0),
            "repetitions 1, 2 and 3: the server died");
  EXPECT_TRUE(sentence(result).starts_with("No target")) << sentence(result);
}

TEST(Summary, leaves_out_what_was_not_measured) {
  json::object result = sample::result(small(), {constant("a", 1)});
  for (json::value& repetition : result["targets"].at(0).at("repetitions").as_array()) {
    for (char const* part : {"server", "wire", "measured_s", "recovery", "stale_share"})
      repetition.as_object().erase(part);
  }
  summarise(result);
  for (char const* id : {"stale_share", "wire_bytes_per_delivery", "requests_per_client_hour",
                         "recovery_t95_ms", "setup_cpu_us"}) {
    EXPECT_EQ(text_at(figure_of(target(result, 0), id), "remark"), "not measured") << id;
  }
  json::object const& cpu = figure_of(target(result, 0), "server_cpu_us_per_delivery");
  EXPECT_TRUE(cpu.at("value").is_null());
  EXPECT_EQ(cpu.at("remark"), "not measured");
}

TEST(Summary, says_which_block_was_measured_again_and_why) {
  json::object result = sample::result(small(), {constant("sse", 1)});
  result["targets"].at(0).at("repetitions").at(1).as_object()["discarded"] = json::parse(
      R"([{"started": "", "reasons": ["It waited."], "checks": [
          {"check": "run_queue_wait", "value": 0.12, "limit": 0.1, "unit": "share"},
          {"check": "receive_drops", "value": 3, "limit": 0, "unit": "count"}]}])");
  summarise(result);
  EXPECT_TRUE(target(result, 0).at("valid").as_bool());
  auto const& remarks = array_at(target(result, 0), "remarks");
  ASSERT_FALSE(remarks.empty());
  EXPECT_EQ(remarks[0].as_string(),
            "Block 2 was measured again: run_queue_wait 12.0 % (limit 10.0 %) and receive_drops 3 "
            "(limit 0).");
}

TEST(Summary, lets_no_negative_figure_be_the_best) {
  Target shrinking = constant("shrinking", 1);
  shrinking.memory_kib = -13;
  json::object const result = summarised(small(), {shrinking, constant("growing", 1)});
  json::object const& memory = figure_of(target(result, 0), "memory_kib_per_connection");
  EXPECT_TRUE(memory.at("value").is_null());
  EXPECT_NE(text_at(memory, "remark").find("negative"), std::string::npos);
  EXPECT_NEAR(value(result, 1, "memory_kib_per_connection"), 8, 1);
}

TEST(Summary, says_so_when_a_percentile_rests_on_too_few_events) {
  json::object const result = summarised(small(), {uniform("poll", 100)});  // 120 events
  json::object const& figures = object_at(target(result, 0), "figures");
  EXPECT_EQ(figures.at("latency_p99_99_ms").at("remark"),
            "from 120 events, 100000 wanted: an order of magnitude");
  EXPECT_FALSE(object_at(figures, "latency_p90_ms").contains("remark"));
}

TEST(Summary, works_with_one_repetition_and_says_what_that_means) {
  Plan plan = small();
  plan.repetitions = 1;
  json::object const result = summarised(plan, {uniform("poll", 100)});
  json::object const& figures = object_at(target(result, 0), "figures");
  EXPECT_TRUE(figures.at("latency_p50_ms").at("lo").is_double());  // from the events
  EXPECT_TRUE(figures.at("server_cpu_us_per_delivery").at("lo").is_null());
  EXPECT_NE(text_at(figures, "server_cpu_us_per_delivery.remark").find("one repetition"),
            std::string::npos);
}

TEST(Summary, works_from_histograms_alone) {
  json::object result = sample::result(small(), {uniform("poll", 100)});
  for (json::value& repetition : result["targets"].at(0).at("repetitions").as_array()) {
    repetition.as_object().erase("event_rows");
  }
  summarise(result);
  EXPECT_NEAR(value(result, 0, "latency_p50_ms"), 50, 2);
  EXPECT_TRUE(figure_of(target(result, 0), "event_median_ms").at("value").is_null());
}

TEST(Summary, refuses_another_schema) {
  json::object result = sample::result(small(), {});
  result["schema"] = "pushlab.result/2";
  EXPECT_THROW(summarise(result), ResultError);
}

}  // namespace
}  // namespace pushlab::results

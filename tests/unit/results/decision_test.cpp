#include "results/decision.hpp"

#include <gtest/gtest.h>

#include "results/read.hpp"
#include "tests/unit/results/decision_fixture.hpp"

namespace pushlab::results {
namespace {

using sample::decision;
using sample::experiment;
using sample::option;
using sample::Shown;
namespace json = boost::json;

json::object decided(std::vector<Shown> const& shown, Weights const& weights = {}) {
  return decide(decision({experiment({}, shown)}), weights);
}

json::object option_in(json::object const& decision, std::string_view id) {
  for (auto const& value : decision.at("options").as_array())
    if (value.at("id").as_string() == id) return value.as_object();
  ADD_FAILURE() << "no option " << id;
  return {};
}

json::object sensitivity(json::object const& decision, std::string_view criterion) {
  for (auto const& value : decision.at("sensitivity").as_array())
    if (value.at("criterion").as_string() == criterion) return value.as_object();
  ADD_FAILURE() << "no criterion " << criterion;
  return {};
}

// Each is the best in everything once.
std::vector<Shown> with_best(std::string const& strategy) {
  std::vector<Shown> shown;
  for (auto const* one : {"sse", "websocket", "long-poll", "short-poll", "mqtt", "reload"}) {
    double const factor = one == strategy ? 1 : 3;
    shown.push_back(option(one, one, 20 * factor, 5 * factor, 8 * factor, 200 * factor));
  }
  return shown;
}

TEST(Decide, chooses_whoever_is_best_in_everything) {
  for (auto const& [strategy, id] :
       std::vector<std::pair<std::string, std::string>>{{"websocket", "websocket"},
                                                        {"short-poll", "short-poll"},
                                                        {"reload", "reload"},
                                                        {"mqtt", "queue"},
                                                        {"sse", "sse"}}) {
    auto const decision = decided(with_best(strategy));
    EXPECT_EQ(text_at(decision, "verdict"), "chosen");
    EXPECT_EQ(text_at(decision, "chosen"), id);
    auto const winner = option_in(decision, id);
    EXPECT_TRUE(text_at(decision, "sentence").starts_with(text_at(winner, "title")));
    EXPECT_NEAR(*number_at(decision, "sure"), 1, 1e-9);
    EXPECT_NEAR(*number_at(winner, "front"), 1, 1e-9);
    EXPECT_NEAR(*number_at(winner, "score"), 1, 1e-9);
    for (auto const* criterion : {"freshness", "cpu", "memory", "bytes"}) {
      EXPECT_TRUE(sensitivity(decision, criterion).at("up").is_null());
      EXPECT_TRUE(sensitivity(decision, criterion).at("down").is_null());
    }
  }
}

TEST(Decide, makes_no_choice_that_the_intervals_do_not_carry) {
  auto one = option("sse", "sse", 20, 5, 8, 200);
  auto other = option("websocket", "websocket", 20.1, 5, 8, 200);
  one.spread = other.spread = 0.3;
  auto const decision = decided({one, other, option("reload", "reload", 5000, 50, 80, 2000)});
  EXPECT_EQ(text_at(decision, "verdict"), "unclear");
  EXPECT_TRUE(decision.at("chosen").is_null());
  EXPECT_TRUE(text_at(decision, "sentence").starts_with("No clear choice between "));
  EXPECT_EQ(decision.at("between").as_array().size(), 2U);
  EXPECT_LT(*number_at(decision, "sure"), 0.9);
}

TEST(Decide, gives_a_tie_to_nobody) {
  std::vector<Shown> const shown{option("sse", "sse", 9, 5, 8, 200),
                                 option("websocket", "websocket", 2, 3, 8, 200),
                                 option("reload", "reload", 5000, 50, 80, 2000)};
  Weights const freshness{{"cpu", 0},     {"memory", 0}, {"bytes", 0},
                          {"useless", 0}, {"loss", 0},   {"proxies", 0}};
  auto const decision = decided(shown, freshness);
  EXPECT_EQ(text_at(decision, "verdict"), "tie");
  EXPECT_TRUE(decision.at("chosen").is_null());
  EXPECT_TRUE(decision.at("runner_up").is_null());
  EXPECT_EQ(decision.at("between"), json::array({"sse", "websocket"}));
  EXPECT_NEAR(*number_at(option_in(decision, "sse"), "wins"), 0.5, 1e-9);
  EXPECT_NEAR(*number_at(option_in(decision, "websocket"), "wins"), 0.5, 1e-9);
  EXPECT_EQ(text_at(decision, "sentence"),
            "Nothing that was measured tells Server-sent events and WebSocket apart: they have the "
            "same score.");
}

TEST(Decide, chooses_nobody_when_nothing_was_measured_that_counts) {
  auto const decision =
      decided({{"sse", "sse", {}}, {"websocket", "websocket", {}}}, {{"loss", 0}, {"proxies", 0}});
  EXPECT_EQ(text_at(decision, "verdict"), "none");
  EXPECT_TRUE(decision.at("chosen").is_null());
  EXPECT_TRUE(option_in(decision, "sse").at("score").is_null());
}

TEST(Decide, finds_the_weight_that_turns_the_order) {
  // Scores: 1 against 0.5 in CPU, 0.5 against 1 in memory; all else equal.
  std::vector<Shown> const shown{option("sse", "sse", 5, 1, 10, 200),
                                 option("websocket", "websocket", 5, 10, 1, 200)};
  auto const decision = decided(shown);
  EXPECT_EQ(text_at(decision, "chosen"), "sse");  // CPU counts twice as much as memory
  EXPECT_NEAR(*number_at(sensitivity(decision, "memory"), "up"), 2, 1e-6);
  EXPECT_EQ(text_at(sensitivity(decision, "memory"), "up_to"), "websocket");
  EXPECT_NEAR(*number_at(sensitivity(decision, "cpu"), "down"), 0.5, 1e-6);
  EXPECT_TRUE(sensitivity(decision, "memory").at("down").is_null());
  EXPECT_TRUE(sensitivity(decision, "freshness").at("up").is_null());
  EXPECT_EQ(text_at(decided(shown, {{"memory", 5}}), "chosen"), "websocket");
}

TEST(Decide, takes_times_that_nobody_sees_as_equal) {
  auto const decision = decided(
      {option("sse", "sse", 9, 5, 8, 200), option("websocket", "websocket", 2, 5.1, 8, 200)});
  EXPECT_EQ(text_at(decision, "chosen"), "sse");
}

TEST(Decide, says_that_one_repetition_tells_nothing_of_other_runs) {
  auto once = experiment(
      {}, {option("sse", "sse", 5, 1, 1, 100), option("websocket", "websocket", 50, 9, 9, 300)});
  once.at("result").at("scenario").as_object()["repetitions"] = 1;
  auto const quick = decide(decision({once}));
  EXPECT_EQ(text_at(quick, "chosen"), "sse");
  EXPECT_NE(text_at(quick, "sentence").find("how much runs differ is unknown"), std::string::npos);
}

TEST(Decide, waits_for_an_option_that_was_not_measured_validly) {
  auto invalid = option("sse", "sse", 5, 1, 1, 100);
  invalid.valid = false;
  auto const decision = decided({invalid, option("websocket", "websocket", 20, 5, 8, 200),
                                 option("reload", "reload", 5000, 50, 80, 2000)});
  EXPECT_EQ(text_at(decision, "verdict"), "incomplete");
  EXPECT_TRUE(decision.at("chosen").is_null());
  EXPECT_EQ(text_at(option_in(decision, "sse"), "absent"),
            "The sse was not measured validly: The generator was late.");
  EXPECT_NE(text_at(decision, "sentence").find("Server-sent events was not measured validly"),
            std::string::npos);
}

TEST(Decide, waits_for_polling_that_arithmetic_contradicts) {
  auto run = decision({experiment({}, {option("sse", "sse", 5, 1, 1, 100),
                                       option("short-poll", "short-poll", 900, 9, 9, 900)})});
  auto const judged = [&](char const* verdict) {
    run.at("experiments").at(0).at("result").as_object()["oracles"] = json::array{
        json::object{{"id", "short-poll"}, {"checks", {json::object{{"verdict", verdict}}}}}};
    return decide(run);
  };
  EXPECT_EQ(text_at(judged("inside"), "verdict"), "chosen");
  EXPECT_EQ(text_at(judged("no interval"), "verdict"), "chosen");
  auto const open = judged("outside");
  EXPECT_EQ(text_at(open, "verdict"), "incomplete");
  EXPECT_TRUE(open.at("chosen").is_null());
  EXPECT_TRUE(text_at(open, "sentence")
                  .starts_with("No decision yet, because Short polling is not as arithmetic says "
                               "that it must be: measure again. As it is: Server-sent events has"))
      << text_at(open, "sentence");
}

TEST(Decide, knows_no_option_without_a_valid_measurement) {
  auto invalid = option("sse", "sse", 5, 1, 1, 100);
  invalid.valid = false;
  EXPECT_EQ(text_at(decided({invalid}), "verdict"), "none");
  EXPECT_EQ(text_at(decide(decision({}), {}), "verdict"), "none");
}

TEST(Decide, says_so_when_there_is_nothing_to_choose_between) {
  auto const decision = decided({option("sse", "sse", 5, 1, 1, 100)});
  EXPECT_EQ(text_at(decision, "verdict"), "alone");
  EXPECT_TRUE(decision.at("runner_up").is_null());
}

TEST(Decide, lets_no_floor_and_no_refresh_variant_stand) {
  auto refresh = option("sse@refresh", "sse", 1, 1, 1, 10);
  refresh.options["server_args"] = json::array{"--payload", "refresh"};
  auto const decision =
      decided({option("null", "sse", 1, 1, 1, 10), refresh, option("sse", "sse", 20, 5, 8, 200),
               option("websocket", "websocket", 30, 6, 9, 300)});
  EXPECT_EQ(text_at(option_in(decision, "sse"), "target"), "sse");
  EXPECT_EQ(decision.at("targets").as_array().size(), 2U);
}

TEST(Decide, ranks_third_parties_by_score_and_lets_ours_stand) {
  auto theirs = option("nchan-sse", "sse", 20, 1, 1, 100);
  theirs.third_party = true;
  auto const decision = decided(
      {option("sse", "sse", 20, 5, 8, 200), theirs, option("reload", "reload", 900, 9, 9, 900)});
  EXPECT_EQ(text_at(option_in(decision, "sse"), "target"), "sse");
  EXPECT_EQ(decision.at("targets").at(0).at("id").as_string(), "nchan-sse");
}

json::object with_losses(json::object experiment, std::size_t target, int lost) {
  auto& figures = experiment.at("result").at("targets").at(target).at("figures").as_object();
  figures["lost"] = json::object{{"value", lost}, {"lo", lost}, {"hi", lost}};
  return experiment;
}

TEST(Decide, counts_losses_in_experiments_that_all_options_share) {
  auto const sse = option("sse", "sse", 5, 1, 1, 100);
  auto const socket = option("websocket", "websocket", 5, 1, 1, 100);
  auto run = decision({experiment({}, {sse, socket}),
                       with_losses(experiment({.name = "storm"}, {sse, socket}), 1, 7),
                       with_losses(experiment({.name = "alone"}, {sse}), 0, 9)});
  json::array cases{json::object{{"id", "RECON-01"}, {"verdict", "fail"}}};
  run["conformance"] = json::array{json::object{{"target", "sse"}, {"cases", cases}}};
  auto const decision = decide(run);
  EXPECT_EQ(text_at(decision, "chosen"), "sse");
  EXPECT_NEAR(*number_at(option_in(decision, "websocket"), "measures.loss.value"), 0.5, 1e-9);
  EXPECT_NEAR(*number_at(option_in(decision, "sse"), "measures.loss.value"), 1, 1e-9);
  EXPECT_EQ(text_at(option_in(decision, "sse"), "measures.loss.basis"), "2 experiments");
}

TEST(Decide, takes_no_variant_of_several_for_the_target_itself) {
  auto const sse = option("sse", "sse", 5, 1, 1, 100);
  auto const poll = option("long-poll", "long-poll", 5, 1, 1, 100);
  auto const naive = option("long-poll@naive", "long-poll", 5, 1, 1, 100);
  auto const cursor = option("long-poll@cursor", "long-poll", 5, 1, 1, 100);
  auto const lossy = with_losses(experiment({.name = "naive"}, {sse, naive, cursor}), 1, 9);
  auto const decision = decide(sample::decision({experiment({}, {sse, poll}), lossy}));
  EXPECT_NEAR(*number_at(option_in(decision, "long-poll"), "measures.loss.value"), 1, 1e-9);
}

TEST(Decide, counts_the_proxies_that_let_it_through_as_they_come) {
  auto run = decision({experiment(
      {}, {option("sse", "sse", 5, 1, 1, 100), option("websocket", "websocket", 5, 1, 1, 100)})});
  auto const row = [](char const* flavour, int missing, double delay_ms, bool socket) {
    return json::object{
        {"flavour", flavour},
        {"head_ms", 1},
        {"flows", json::array{json::object{{"missing", missing},
                                           {"delays_ms", json::array{1.0, delay_ms}}}}},
        {"websocket", json::object{{"passes", socket}}}};
  };
  json::array rows{
      row("default", 0, 2, false), row("default", 0, 5000, false),
      row("default", 0, 3, true),  row("default", 1, 3, false),
      row("tuned", 0, 2, true),    json::object{{"flavour", "default"}, {"not_run", "x"}}};
  rows.push_back(row("default", 0, 2, false));  // quick, and two events at once
  rows.back().at("flows").at(0).as_object()["most_at_once"] = 2;
  run["matrix"] = json::object{{"strategy", "sse"}, {"rows", rows}};
  auto const decision = decide(run);
  EXPECT_NEAR(*number_at(option_in(decision, "sse"), "measures.proxies.value"), 0.4, 1e-9);
  EXPECT_NEAR(*number_at(option_in(decision, "websocket"), "measures.proxies.value"), 0.2, 1e-9);
}

TEST(Decide, takes_a_figure_of_all_options_from_one_experiment) {
  auto sse = option("sse", "sse", 20, 5, 8, 200);
  auto socket = option("websocket", "websocket", 20, 6, 9, 210);
  sse.figures.erase("memory_kib_per_connection");
  auto const idle =
      std::vector<Shown>{{"sse", "sse", {{"memory_kib_per_connection", 4}}},
                         {"websocket", "websocket", {{"memory_kib_per_connection", 8}}}};
  auto const decision = decide(
      sample::decision({experiment({}, {sse, socket}), experiment({.name = "idle-crowd"}, idle)}));
  EXPECT_EQ(text_at(option_in(decision, "websocket"), "measures.memory.basis"), "idle-crowd");
  EXPECT_NEAR(*number_at(option_in(decision, "websocket"), "measures.memory.value"), 8, 1e-9);
}

TEST(Decide, compares_an_option_from_another_experiment_by_way_of_a_common_target) {
  auto queue = option("mosquitto", "mqtt", 30, 10, 4, 100);
  queue.third_party = true;
  auto const decision = decide(sample::decision(
      {experiment(
           {}, {option("sse", "sse", 20, 5, 8, 200), option("reload", "reload", 900, 9, 9, 900)}),
       experiment({.name = "peers"}, {option("sse", "sse", 60, 20, 8, 200), queue})}));
  auto const found = option_in(decision, "queue");
  EXPECT_EQ(text_at(found, "by_way"), "peers");
  EXPECT_TRUE(found.at("third_party").as_bool());  // nobody of ours stands for it
  EXPECT_NEAR(*number_at(found, "measures.freshness.value"), 10, 1e-9);
  EXPECT_NEAR(*number_at(found, "measures.cpu.value"), 2.5, 1e-9);
  EXPECT_LT(*number_at(found, "measures.cpu.lo"), 2.5 / 1.01 / 1.005);  // three intervals in one
  EXPECT_EQ(text_at(decision, "chosen"), "queue");
}

}  // namespace
}  // namespace pushlab::results

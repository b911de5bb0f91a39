#include "report/decision_record.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "report/markdown.hpp"
#include "results/crossover.hpp"
#include "results/decision.hpp"
#include "results/decision_table.hpp"
#include "results/experiment.hpp"
#include "results/read.hpp"
#include "results/summary.hpp"
#include "tests/unit/results/decision_fixture.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::report {
namespace {

using sample::decision;
using sample::experiment;
using sample::option;
namespace json = boost::json;

json::object two(double sse_cpu, double websocket_cpu) {
  return decision({experiment({}, {option("sse", "sse", 5, sse_cpu, 8, 200),
                                   option("websocket", "websocket", 5, websocket_cpu, 8, 200)})});
}

std::string record_of(json::object const& run, results::Weights const& weights = {}) {
  auto const decided = results::decide(run, weights);
  auto const by_default = results::decide(run);
  auto const crossovers = results::crossovers(run);
  return decision_record({.run = run,
                          .decision = decided,
                          .by_default = weights.empty() ? nullptr : &by_default,
                          .crossovers = crossovers,
                          .folder = "run/",
                          .figures = {"figures/latency.svg"},
                          .report = true,
                          .command = "pushlab decide run"});
}

bool has(std::string const& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(DecisionRecord, names_whoever_won) {
  auto const sse = record_of(two(5, 15));
  auto const socket = record_of(two(15, 5));
  EXPECT_TRUE(has(sse, "Chosen option: \"Server-sent events\"")) << sse;
  EXPECT_TRUE(has(socket, "Chosen option: \"WebSocket\"")) << socket;
  EXPECT_FALSE(has(socket, "Chosen option: \"Server-sent events\""));
}

TEST(DecisionRecord, names_nobody_in_a_tie) {
  auto const run = decision({experiment(
      {}, {option("sse", "sse", 9, 5, 8, 200), option("websocket", "websocket", 2, 3, 8, 200)})});
  results::Weights const freshness{{"cpu", 0},     {"memory", 0}, {"bytes", 0},
                                   {"useless", 0}, {"loss", 0},   {"proxies", 0}};
  auto const text = record_of(run, freshness);
  EXPECT_TRUE(has(text, "# How do events reach the page?\n")) << text;
  EXPECT_TRUE(has(text, "Chosen option: none yet. Nothing that was measured tells Server-sent"));
  auto const lines = decision_lines(results::decide(run, freshness), nullptr);
  EXPECT_TRUE(has(lines, "decision   Nothing that was measured tells")) << lines;
  EXPECT_FALSE(has(lines, "runner-up"));
}

TEST(DecisionRecord, warns_of_one_repetition) {
  auto run = two(5, 15);
  EXPECT_FALSE(has(record_of(run), "measured once"));
  run.at("experiments").at(0).at("result").at("scenario").as_object()["repetitions"] = 1;
  EXPECT_TRUE(has(record_of(run), "Each option was measured once"));
}

TEST(DecisionRecord, lists_what_was_measured_invalidly_in_any_experiment) {
  auto run = two(5, 15);
  EXPECT_FALSE(has(record_of(run), "Not measured validly"));
  auto invalid = option("websocket", "websocket", 5, 5, 8, 200);
  invalid.valid = false;
  run.at("experiments")
      .as_array()
      .push_back(experiment({.name = "storm"}, {option("sse", "sse", 5, 5, 8, 200), invalid}));
  EXPECT_TRUE(has(record_of(run), "Not measured validly, and left out: The websocket in storm."));
  EXPECT_TRUE(has(results::decision_table(run), "! Not measured validly: The websocket."));
}

TEST(DecisionRecord, warns_of_figures_that_are_the_instruments_or_not_as_arithmetic_says) {
  auto run = two(5, 15);
  auto& result = run.at("experiments").at(0).at("result").as_object();
  EXPECT_FALSE(has(record_of(run), "null server"));
  result.at("targets").at(0).as_object()["floor_ratio"] = {
      {"latency_p50_ms", {{"verdict", "below resolution"}}}};
  result["oracles"] = json::array{
      json::object{{"id", "websocket"}, {"checks", {json::object{{"verdict", "outside"}}}}}};
  EXPECT_EQ(results::reservations(run),
            (std::vector<std::string>{
                "Not as arithmetic says that polling must be, so not to be relied on: The "
                "websocket in fan-out.",
                "So close to the null server or to the generator's lag that a figure says more of "
                "the instrument than of the target: The sse in fan-out."}));
  EXPECT_TRUE(has(record_of(run), "null server"));
}

TEST(DecisionRecord, has_the_chapters_of_madr_in_their_order) {
  auto const text = record_of(two(5, 15));
  EXPECT_TRUE(text.starts_with("---\nstatus: proposed\ndate: 1970-01-01\ndecision-makers:"));
  std::size_t at = 0;
  for (auto const* chapter :
       {"\n# ", "\n## Context and Problem Statement\n", "\n## Decision Drivers\n",
        "\n## Considered Options\n", "\n## Decision Outcome\n", "\n### Consequences\n",
        "\n### Confirmation\n", "\n## Pros and Cons of the Options\n", "\n## More Information\n",
        "\n### Measured\n", "\n### The run\n"}) {
    auto const next = text.find(chapter, at);
    ASSERT_NE(next, std::string::npos) << chapter;
    at = next;
  }
}

TEST(DecisionRecord, links_figures_and_report_from_where_it_stands) {
  auto const text = record_of(two(5, 15));
  EXPECT_TRUE(has(text, "![latency](run/figures/latency.svg)"));
  EXPECT_TRUE(has(text, "(run/report.html)"));
}

TEST(DecisionRecord, shows_claims_with_verdict_and_figure_and_cites_them) {
  auto run = two(5, 15);
  json::object const check{{"title", "cheaper"}, {"metric", "server_cpu_us_per_delivery"},
                           {"target", "sse"},    {"against", "websocket"},
                           {"value", 0.33},      {"lo", 0.3},
                           {"hi", 0.4},          {"sentence", "A third | of the CPU."}};
  run["claims"] = json::array{json::object{{"id", "C07"},
                                           {"claim", "SSE costs less"},
                                           {"verdict", "confirmed"},
                                           {"checks", json::array{check}}}};
  auto const text = record_of(run);
  EXPECT_TRUE(has(text, "| [C07] | SSE costs less | confirmed | A third \\| of the CPU. |"))
      << text;
  EXPECT_TRUE(has(text, "all. [C07]\n")) << text;
  EXPECT_TRUE(has(text, "\n[C07]: #claims\n"));
}

TEST(DecisionRecord, shows_what_decided_a_claim_and_not_the_proxies_that_were_not_there) {
  auto run = sample::decision({experiment({}, {option("sse", "sse", 5, 1, 1, 100)})});
  json::array checks{json::object{{"outcome", "missing"}, {"sentence", "Not measured: squid."}},
                     json::object{{"outcome", "confirmed"}, {"sentence", "nginx cuts it."}}};
  run["claims"] = json::array{json::object{
      {"id", "C14"}, {"claim", "It is cut"}, {"verdict", "confirmed"}, {"checks", checks}}};
  EXPECT_TRUE(has(record_of(run), "nginx cuts it."));
  EXPECT_FALSE(has(record_of(run), "squid"));
  run["claims"].at(0).at("checks").as_array().pop_back();
  EXPECT_TRUE(has(record_of(run), "Not measured: squid."));
}

TEST(DecisionRecord, says_when_claims_were_not_judged) {
  auto run = two(5, 15);
  run["claims"] = json::array{json::object{{"id", "C07"}, {"claim", "SSE costs less"}}};
  auto const text = record_of(run);
  EXPECT_TRUE(has(text, "These claims were not judged in this run."));
  EXPECT_TRUE(has(text, "| not judged |"));
}

TEST(DecisionRecord, says_what_the_readers_weights_changed) {
  auto const run = decision({experiment(
      {}, {option("sse", "sse", 5, 1, 10, 200), option("websocket", "websocket", 5, 10, 1, 200)})});
  EXPECT_TRUE(
      has(record_of(run, {{"memory", 9}}), "By the default weights the outcome is another:"));
  EXPECT_TRUE(has(record_of(run, {{"cpu", 9}}), "By the default weights the outcome is the same:"));
}

TEST(DecisionRecord, names_where_to_decide_again) {
  auto shown = std::vector<sample::Shown>{{"sse", "sse", {{"bytes_per_delivery", 100}}}};
  for (double const interval : {1.0, 10.0})
    shown.push_back({"short-poll@" + std::to_string(interval),
                     "short-poll",
                     {{"bytes_per_delivery", 400 / interval}},
                     0.01,
                     json::object{{"poll_interval_s", interval}}});
  auto run = two(5, 15);
  run["experiments"].as_array().push_back(experiment({"poll-rate", 1}, shown));
  auto const text = record_of(run);
  EXPECT_TRUE(has(text, "when the load comes to 4.00 events per polling interval (3.9")) << text;
  EXPECT_TRUE(has(text, "### Crossovers"));
}

TEST(DecisionRecord, works_for_an_ordinary_run) {
  auto run = sample::result({50, 40, 3, 10, 0.08, 1}, sample::five_targets());
  results::summarise(run);
  auto const text = record_of(run);
  EXPECT_TRUE(has(text, "# Generated sample, not a measurement: Server-sent events\n")) << text;
  EXPECT_FALSE(has(text, "### Claims"));
  EXPECT_FALSE(has(text, "### Crossovers"));
  EXPECT_TRUE(has(text, "pushlab run scenarios/sample.toml"));
}

TEST(DecisionRecord, keeps_to_markdown_that_renders) {
  auto run = sample::result({50, 40, 3, 10, 0.08, 1}, sample::five_targets());
  results::summarise(run);
  std::istringstream lines(record_of(run));
  std::string line, before;
  for (std::getline(lines, line); std::getline(lines, line);) {
    bool const in_list = before.starts_with("* ") || before.starts_with("  ");
    EXPECT_TRUE(!line.starts_with("#") || before.empty()) << before << "\n" << line;
    EXPECT_TRUE(!before.starts_with("#") || line.empty()) << line;
    EXPECT_TRUE(!line.starts_with("* ") || before.empty() || in_list) << line;
    EXPECT_FALSE(line.empty() && before.empty()) << "two empty lines";
    EXPECT_FALSE(line.ends_with(" ")) << line;
    before = line;
  }
}

TEST(Markdown, pads_columns_by_letters_and_escapes_bars) {
  markdown::Table const table{{"µs", "a"}, {{"1", "x|y"}, {"100 µs", "–"}}, {0}};
  EXPECT_EQ(markdown::text(table),
            "|     µs | a    |\n"
            "| -----: | ---- |\n"
            "|      1 | x\\|y |\n"
            "| 100 µs | –    |\n");
}

TEST(Markdown, wraps_behind_the_mark_of_an_item) {
  auto const text = markdown::wrapped(std::string(60, 'a') + " " + std::string(60, 'b'), 2);
  EXPECT_EQ(text, std::string(60, 'a') + "\n  " + std::string(60, 'b'));
}

}  // namespace
}  // namespace pushlab::report

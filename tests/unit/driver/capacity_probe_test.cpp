#include "driver/capacity_probe.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cmath>

namespace pushlab::driver {
namespace {

namespace json = boost::json;

Slo const slo{"p99", "latency_p99_ms", 100};

Verdict judged(ProbeFigures figures) {
  Probe probe;
  probe.figures = std::move(figures);
  judge(probe, slo);
  EXPECT_EQ(probe.verdict == Verdict::holds, probe.reason.empty()) << probe.reason;
  return probe.verdict;
}

ProbeFigures seen(double value, double lo, double hi) {
  ProbeFigures figures;
  figures.value = value;
  figures.lo = lo;
  figures.hi = hi;
  return figures;
}

json::object summarised() {
  return json::parse(R"({"targets":[{"figures":{"latency_p99_ms":{"value":5,"lo":4,"hi":6,
    "remark":"from 12 events"}},"repetitions":[{"error":null,"lost":2,"connect_failures":1,
    "server":{"cpu_share":0.5},"generator":{"cpu_share":0.2,"valid":true,
    "invalid_reasons":[]}}]}]})")
      .as_object();
}

TEST(CapacityProbe, judges_by_the_whole_interval) {
  EXPECT_EQ(judged(seen(90, 80, 100)), Verdict::holds);
  EXPECT_EQ(judged(seen(90, 80, 101)), Verdict::undecided);
  EXPECT_EQ(judged(seen(110, 100, 120)), Verdict::undecided);
  EXPECT_EQ(judged(seen(110, 101, 120)), Verdict::fails);
  EXPECT_EQ(judged(seen(90, 80, INFINITY)), Verdict::undecided);
  EXPECT_EQ(judged({}), Verdict::undecided);
  ProbeFigures constant;
  constant.value = 100;
  EXPECT_EQ(judged(constant), Verdict::holds);
}

TEST(CapacityProbe, fails_when_anything_is_lost_however_fast_the_rest_is) {
  auto figures = seen(1, 1, 1);
  figures.lost = 1;
  EXPECT_EQ(judged(figures), Verdict::fails);
  figures = seen(1, 1, 1);
  figures.unconnected = 1;
  EXPECT_EQ(judged(figures), Verdict::fails);
  ProbeFigures undelivered;
  undelivered.undelivered = true;
  EXPECT_EQ(judged(undelivered), Verdict::fails);
}

TEST(CapacityProbe, says_nothing_of_the_target_when_the_generator_was_the_limit) {
  auto figures = seen(500, 400, 600);
  figures.lost = 7;
  figures.generator_faults = {"it was busy"};
  EXPECT_EQ(judged(figures), Verdict::generator);
}

TEST(CapacityProbe, tells_whose_fault_an_error_is) {
  ProbeFigures figures;
  figures.error = "the server ended under load, exit status 1";
  EXPECT_EQ(judged(figures), Verdict::fails);
  figures.error = "the load generator did not end in time";
  EXPECT_EQ(judged(figures), Verdict::generator);
  figures.error = "sse: it was not ready within 10 s";
  EXPECT_EQ(judged(figures), Verdict::broken);
}

TEST(CapacityProbe, takes_its_figures_out_of_a_result) {
  auto result = summarised();
  auto const figures = figures_of(result, "latency_p99_ms");
  EXPECT_EQ(figures.value, 5);
  EXPECT_EQ(figures.lo, 4);
  EXPECT_EQ(figures.hi, 6);
  EXPECT_EQ(figures.lost, 2);
  EXPECT_EQ(figures.unconnected, 1);
  EXPECT_EQ(figures.server_cpu, 0.5);
  EXPECT_EQ(figures.generator_cpu, 0.2);
  EXPECT_EQ(figures.remark, "from 12 events");
  EXPECT_TRUE(figures.generator_faults.empty());
  auto& target = result.at("targets").at(0).as_object();
  target.at("figures").at("latency_p99_ms").as_object()["hi"] = nullptr;
  auto& generator = target.at("repetitions").at(0).at("generator").as_object();
  generator["valid"] = false;
  generator["invalid_reasons"] = json::array{"late"};
  auto const spoilt = figures_of(result, "latency_p99_ms");
  EXPECT_EQ(spoilt.hi, INFINITY);
  EXPECT_EQ(spoilt.generator_faults, std::vector<std::string>{"late"});
  target.at("repetitions").at(0).as_object()["error"] = "gone";
  EXPECT_EQ(figures_of(result, "latency_p99_ms").error, "gone");
}

TEST(CapacityProbe, blames_the_ingest_for_late_events_only_when_the_generator_was_well) {
  auto result = summarised();
  auto& generator = result.at("targets").at(0).at("repetitions").at(0).at("generator").as_object();
  generator["valid"] = false;
  generator["invalid_reasons"] = json::array{"only 90 % were sent in time"};
  generator["checks"] = json::parse(R"([{"check":"send_rate","verdict":"invalid"},
    {"check":"cpu","verdict":"suspect"}])");
  auto figures = figures_of(result, "latency_p99_ms");
  EXPECT_TRUE(figures.generator_faults.empty());
  figures.lost = figures.unconnected = 0;
  EXPECT_EQ(judged(figures), Verdict::fails);
  generator["checks"].as_array()[1].as_object()["verdict"] = "invalid";
  EXPECT_EQ(judged(figures_of(result, "latency_p99_ms")), Verdict::generator);
}

TEST(CapacityProbe, varies_the_rate_or_the_clients) {
  CapacityQuestion question;
  question.target = std::filesystem::path(PUSHLAB_SCENARIOS_FOLDER) / "targets" / "sse.toml";
  question.clients = 7;
  question.rate = 3;
  auto const by_rate = scenario_of(question, 12.5, 4, 1);
  EXPECT_EQ(by_rate.clients, 7U);
  EXPECT_EQ(by_rate.rate, 12.5);
  EXPECT_EQ(by_rate.measure_s, 4);
  EXPECT_EQ(by_rate.warmup_s, 2);
  EXPECT_EQ(by_rate.targets.front().name, "sse");
  EXPECT_TRUE(by_rate.targets.front().server_args.empty());
  question.vary_clients = true;
  question.threads = 2;
  auto const by_clients = scenario_of(question, 50, 60, 2);
  EXPECT_EQ(by_clients.clients, 50U);
  EXPECT_EQ(by_clients.rate, 3);
  EXPECT_EQ(by_clients.warmup_s, 5);
  EXPECT_NE(by_clients.seed, by_rate.seed);
  EXPECT_EQ(by_clients.targets.front().server_args, (std::vector<std::string>{"--threads", "2"}));
}

}  // namespace
}  // namespace pushlab::driver

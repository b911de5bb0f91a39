#include <gtest/gtest.h>
#include <poll.h>

#include <csignal>

#include "driver/proc_sampler.hpp"
#include "program.hpp"

namespace pushlab::driver {
namespace {

namespace json = boost::json;

TEST(Capacity, searches_a_tiny_range_of_a_real_target_and_records_it) {
  TemporaryFolder const out;
  auto const run = pushlab({"capacity", "sse", "--slo", "p50<=10s", "--clients", "5", "--rate",
                            "40", "--most", "40", "--measure", "0.3", "--confirm", "0.3", "--out",
                            out.path().string(), "--json"});
  // On a busy machine the load generator may be the limit (3), or the server late (1).
  ASSERT_EQ(run.status.signal, 0) << run.err;
  ASSERT_TRUE(run.status.code == 0 || run.status.code == 1 || run.status.code == 3)
      << run.status.text() << run.err;
  auto const recorded = json::parse(text_of(out.path() / "capacity.json")).as_object();
  EXPECT_EQ(json::value(recorded), json::parse(run.out));
  EXPECT_EQ(recorded.at("schema"), "pushlab.capacity/1");
  EXPECT_EQ(recorded.at("target"), "sse");
  EXPECT_EQ(recorded.at("slo").at("metric"), "latency_p50_ms");
  EXPECT_EQ(recorded.at("slo").at("limit_ms").to_number<double>(), 10000);
  EXPECT_TRUE(recorded.at("machine").as_object().contains("cores"));
  EXPECT_TRUE(recorded.at("fit").is_null());
  auto const& probes = recorded.at("probes").as_array();
  ASSERT_FALSE(probes.empty());
  EXPECT_EQ(probes.at(0).at("load").to_number<double>(), 40);
  auto const& result = recorded.at("result").as_object();
  if (run.status.code != 0) {
    EXPECT_NE(result.at("outcome"), "found");
    EXPECT_TRUE(result.at("confirmed").is_null());
    return;
  }
  EXPECT_EQ(result.at("outcome"), "found");
  auto const confirmed = result.at("confirmed").to_number<double>();
  EXPECT_GT(confirmed, 0);
  EXPECT_LE(confirmed, 40);
  EXPECT_EQ(result.at("reached_most").as_bool(), confirmed == 40);
  EXPECT_GE(probes.size(), 4U);
  EXPECT_GT(probes.back().at("value").to_number<double>(), 0);
  EXPECT_TRUE(probes.back().at("confirms").as_bool());
  auto const& ceiling = result.at("ceiling").as_object();
  ASSERT_FALSE(ceiling.contains("error")) << ceiling;
  EXPECT_NEAR(ceiling.at("share").to_number<double>(),
              confirmed * 5 / ceiling.at("deliveries_per_s").to_number<double>(), 1e-9);
}

TEST(Capacity, records_what_there_is_when_interrupted) {
  TemporaryFolder const out;
  Background search({"capacity", "sse", "--slo", "p50<=10s", "--clients", "5", "--measure", "600",
                     "--out", out.path().string(), "--json"});
  // The driver, two guards, the server, the load generator.
  for (int tries = 0; tries < 10000 && ProcSampler(search.pid()).tree().size() < 5; ++tries)
    ::poll(nullptr, 0, 1);
  ::kill(search.pid(), SIGINT);
  auto const run = search.finish();
  EXPECT_EQ(run.status.code, 128 + SIGINT) << run.status.text();
  EXPECT_EQ(run.err, "pushlab: interrupted: the probes until then are what there is\n");
  auto const recorded = json::parse(text_of(out.path() / "capacity.json")).as_object();
  EXPECT_EQ(json::value(recorded), json::parse(run.out));
  EXPECT_EQ(recorded.at("result").at("outcome"), "interrupted");
}

TEST(Capacity, refuses_unusable_input_in_one_sentence) {
  auto const slo = pushlab({"capacity", "sse", "--slo", "p98<=1s"});
  EXPECT_EQ(slo.status.code, 2);
  EXPECT_NE(slo.err.find("there is no figure 'p98'"), std::string::npos) << slo.err;
  auto const target = pushlab({"capacity", "ses", "--slo", "p99<=1s"});
  EXPECT_EQ(target.status.code, 2);
  EXPECT_NE(target.err.find("sse"), std::string::npos) << target.err;
  auto const behind = pushlab({"capacity", "--threads", "1", "ses", "--slo", "p99<=1s"});
  EXPECT_NE(behind.err.find("did you mean sse?"), std::string::npos) << behind.err;
  auto const range =
      pushlab({"capacity", "sse", "--slo", "p99<=1s", "--rate", "20", "--most", "10"});
  EXPECT_EQ(range.status.code, 2);
  EXPECT_NE(range.err.find("--most 10"), std::string::npos) << range.err;
  auto const threads = pushlab({"capacity", "websocketpp", "--slo", "p99<=1s", "--threads", "1,2"});
  EXPECT_EQ(threads.status.code, 2);
  EXPECT_EQ(threads.out, "");  // no search was made
  EXPECT_NE(threads.err.find("--threads 2"), std::string::npos) << threads.err;
}

}  // namespace
}  // namespace pushlab::driver

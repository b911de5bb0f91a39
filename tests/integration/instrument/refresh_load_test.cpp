// Refresh events from the real servers: what the page fetches after them, and what it cannot see
// yet.
#include <gtest/gtest.h>

#include <string>

#include "loadgen/load.hpp"
#include "tests/integration/servers/server_process.hpp"

namespace pushlab::test {
namespace {

struct Way {
  std::string program;
  loadgen::Strategy strategy;
  std::string path;
};

struct RefreshLoad : testing::TestWithParam<Way> {
  static loadgen::LoadPlan plan_for(ServerProcess const& server) {
    auto const base = "http://127.0.0.1:" + std::to_string(server.client_port());
    loadgen::LoadPlan plan;
    plan.strategy = GetParam().strategy;
    plan.client_url = base + GetParam().path + "?events={events}";
    plan.snapshot_url = base + "/snapshot?events={events}";
    plan.ingest.url = "http://127.0.0.1:" + std::to_string(server.ingest_port()) + "/notify";
    plan.refresh = true;
    plan.clients = 20;
    plan.names = 2;
    plan.subscriptions = 2;
    plan.arrivals = loadgen::Arrivals::fixed;
    plan.rate = 4;
    plan.settle_s = 0.05;
    plan.warmup_s = 0;
    plan.measure_s = 0.5;
    return plan;
  }
};

INSTANTIATE_TEST_SUITE_P(Servers, RefreshLoad,
                         testing::Values(Way{"pushlab-sse", loadgen::Strategy::sse, "/events"},
                                         Way{"pushlab-websocket", loadgen::Strategy::websocket,
                                             "/ws"}),
                         [](auto const& row) { return std::string(name_of(row.param.strategy)); });

void expect_all(loadgen::LoadResult const& result) {
  EXPECT_EQ(result.expected, 40U);
  EXPECT_EQ(result.delivered, 40U);
  EXPECT_EQ(result.refreshes, 40U);
  EXPECT_EQ(result.duplicates, 0U);
  EXPECT_EQ(result.disconnects, 0U);
}

TEST_P(RefreshLoad, shows_every_event_at_the_first_question) {
  ServerProcess const server{GetParam().program, {"--payload", "refresh"}};
  loadgen::LoadObserver observer;
  auto const result = loadgen::run_load(plan_for(server), observer);
  expect_all(result);
  EXPECT_EQ(result.stale_refreshes, 0U);
  EXPECT_EQ(result.requests, 40U);
  ASSERT_TRUE(result.wire.has_value());
  EXPECT_EQ(result.wire->bytes_received, result.bytes_received);
}

TEST_P(RefreshLoad, finds_every_snapshot_stale_that_lags_behind) {
  ServerProcess const server{GetParam().program,
                             {"--payload", "refresh", "--snapshot-delay-ms", "100"}};
  loadgen::LoadObserver observer;
  auto const result = loadgen::run_load(plan_for(server), observer);
  expect_all(result);
  EXPECT_EQ(result.stale_refreshes, 40U);
  EXPECT_GE(result.requests, 2U * 40U);
  EXPECT_GE(result.latency.min(), 100'000'000U);
  EXPECT_GE(*result.stale_share, 2 * 0.1 / 0.5 / 2);  // of each event 0.1 s, of one of two names
}

TEST_P(RefreshLoad, waits_out_most_of_the_lag_by_its_jitter) {
  ServerProcess const server{GetParam().program,
                             {"--payload", "refresh", "--snapshot-delay-ms", "50"}};
  auto plan = plan_for(server);
  plan.clients = 200;
  plan.refresh_jitter_s = 0.25;
  loadgen::LoadObserver observer;
  auto const result = loadgen::run_load(plan, observer);
  EXPECT_EQ(result.lost, 0U);
  EXPECT_GT(result.stale_refreshes, 0U);
  EXPECT_LT(result.stale_refreshes, result.refreshes / 2);  // a fifth of the pauses is too short
}

}  // namespace
}  // namespace pushlab::test

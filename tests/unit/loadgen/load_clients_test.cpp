// What clients do beside listening, and what their sockets cost: snapshots, gaps, connections,
// bytes.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <thread>

#include "loadgen/load.hpp"
#include "tests/unit/loadgen/push_server.hpp"

namespace pushlab::loadgen {
namespace {

LoadPlan plan_for(PushServer const& server, Strategy strategy) {
  LoadPlan plan;
  plan.strategy = strategy;
  plan.client_url = server.url(strategy == Strategy::sse         ? "/events?events={events}"
                               : strategy == Strategy::websocket ? "/ws?events={events}"
                               : strategy == Strategy::reload    ? "/snapshot?events={events}"
                                                                 : "/poll?events={events}");
  plan.snapshot_url = server.url("/snapshot?events={events}");
  plan.ingest.url = server.url("/notify");
  plan.clients = 20;
  plan.arrivals = Arrivals::fixed;
  plan.rate = 4;  // at 125 and 375 ms: nothing happens at the edges
  plan.settle_s = 0.05;
  plan.warmup_s = 0;
  plan.measure_s = 0.5;
  plan.drain_s = 5;
  plan.poll_interval_s = 0.05;
  plan.poll_wait_s = 5;
  return plan;
}

LoadResult run(LoadPlan const& plan) {
  LoadObserver observer;
  return run_load(plan, observer);
}

class StreamClients : public testing::TestWithParam<Strategy> {};
INSTANTIATE_TEST_SUITE_P(Load, StreamClients, testing::Values(Strategy::sse, Strategy::websocket),
                         [](auto const& row) { return std::string(name_of(row.param)); });

TEST_P(StreamClients, count_on_the_wire_what_the_server_sent) {
  PushServer server;
  auto const result = run(plan_for(server, GetParam()));
  ASSERT_TRUE(result.wire.has_value());
  EXPECT_EQ(result.wire->bytes_received, server.bytes_to_clients);
  EXPECT_EQ(result.wire->bytes_received, result.bytes_received);
  EXPECT_EQ(result.wire->bytes_sent, 0U);
  EXPECT_GE(result.wire->segments_received, 40U);  // one a delivery
  EXPECT_GE(result.wire->segments_sent, 20U);      // they are acknowledged
  EXPECT_EQ(result.connections, 0U);
}

TEST_P(StreamClients, keep_the_count_of_a_connection_that_was_cut) {
  PushServer server({.cut_after = 1});
  auto const result = run(plan_for(server, GetParam()));
  ASSERT_TRUE(result.wire.has_value());
  EXPECT_EQ(result.disconnects, 20U);
  EXPECT_EQ(result.wire->bytes_received, result.bytes_received);
  EXPECT_EQ(result.wire->bytes_sent, result.bytes_sent);
}

TEST_P(StreamClients, fetch_the_snapshot_after_an_event_and_count_what_it_shows) {
  PushServer server;
  auto plan = plan_for(server, GetParam());
  plan.refresh = true;
  auto const result = run(plan);
  EXPECT_EQ(result.delivered, 40U);
  EXPECT_EQ(result.lost, 0U);
  EXPECT_EQ(result.duplicates, 0U);
  EXPECT_EQ(result.refreshes, 40U);
  EXPECT_EQ(result.stale_refreshes, 0U);
  EXPECT_EQ(result.requests, 40U);
  EXPECT_EQ(result.useless_requests, 0U);
  EXPECT_EQ(result.connections, 20U);  // kept for the next snapshot
  EXPECT_EQ(result.wire->bytes_received, server.bytes_to_clients);
  EXPECT_EQ(result.wire->bytes_received, result.bytes_received);
  EXPECT_EQ(result.wire->bytes_sent, result.bytes_sent);

  auto const json = to_json(result);
  EXPECT_EQ(json.at("refreshes"), 40);
  EXPECT_EQ(json.at("stale_refreshes"), 0);
  EXPECT_EQ(json.at("connections"), 20);
  EXPECT_EQ(json.at("stale_share"), *result.stale_share);
  EXPECT_EQ(json.at("wire").at("bytes_received"), result.wire->bytes_received);
  EXPECT_EQ(json.at("wire").at("segments_sent"), result.wire->segments_sent);
  EXPECT_TRUE(to_json(LoadResult{}).at("wire").is_null());
}

TEST_P(StreamClients, ask_again_when_the_snapshot_is_older_than_the_event) {
  PushServer server({.snapshot_lags = true});
  auto plan = plan_for(server, GetParam());
  plan.clients = 1;
  plan.refresh = true;
  auto const result = run(plan);
  EXPECT_EQ(result.lost, 0U);
  EXPECT_EQ(result.refreshes, 2U);
  EXPECT_EQ(result.stale_refreshes, 2U);
  EXPECT_EQ(result.requests, 4U);
  EXPECT_EQ(result.useless_requests, 2U);
  EXPECT_GE(result.latency.min(), 50'000'000U);  // the pause before the second question
}

TEST_P(StreamClients, fetch_once_for_the_events_of_one_pause) {
  PushServer server;
  auto plan = plan_for(server, GetParam());
  plan.refresh = true;
  plan.refresh_jitter_s = 0.2;
  plan.rate = 200;
  auto const result = run(plan);
  EXPECT_EQ(result.delivered, 20U * 100);
  EXPECT_EQ(result.lost, 0U);
  EXPECT_GT(result.refreshes, 20U);
  EXPECT_LT(result.refreshes, 20U * 40);
  EXPECT_GT(result.latency.median(), 10e6);
}

TEST(Refresh, needs_a_stream) {
  PushServer server;
  auto plan = plan_for(server, Strategy::short_poll);
  plan.refresh = true;
  EXPECT_THROW(run(plan), LoadError);
}

class PollClients : public testing::TestWithParam<Strategy> {};
INSTANTIATE_TEST_SUITE_P(Load, PollClients, testing::Values(Strategy::short_poll, Strategy::reload),
                         [](auto const& row) {
                           std::string name(name_of(row.param));
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST_P(PollClients, make_a_connection_for_each_request_when_told_to) {
  PushServer server;
  auto plan = plan_for(server, GetParam());
  plan.keep_alive = false;
  auto const result = run(plan);
  EXPECT_EQ(result.lost, 0U);
  EXPECT_GT(result.requests, 0U);
  EXPECT_EQ(result.connections, result.requests);
  ASSERT_TRUE(result.wire.has_value());
  EXPECT_GT(result.wire->bytes_received, 40U * 200);
}

// The server's last read may come after the run.
void expect_soon(std::atomic<std::uint64_t> const& value, std::uint64_t expected) {
  auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (value != expected && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  EXPECT_EQ(value, expected);
}

TEST(LongPollClients, count_on_the_wire_what_the_server_sent_and_read) {
  for (auto const keep_alive : {true, false}) {
    PushServer server;
    auto plan = plan_for(server, Strategy::long_poll);
    plan.keep_alive = keep_alive;
    auto const result = run(plan);
    ASSERT_TRUE(result.wire.has_value());
    EXPECT_EQ(result.wire->bytes_received, server.bytes_to_clients);
    expect_soon(server.bytes_from_clients, result.wire->bytes_sent);
    EXPECT_EQ(result.wire->bytes_received, result.bytes_received);
    EXPECT_EQ(result.connections, keep_alive ? 0 : result.requests);
  }
}

TEST(LongPollClients, lose_nothing_in_a_gap_when_they_have_a_cursor) {
  PushServer server;
  auto plan = plan_for(server, Strategy::long_poll);
  plan.rate = 100;
  plan.poll_gap_s = 0.1;
  auto const result = run(plan);
  EXPECT_EQ(result.expected, 20U * 50);
  EXPECT_EQ(result.lost, 0U);
  EXPECT_LE(result.requests, 20U * 6);
}

// An event each 10 ms, of which a client gets one and then sleeps for 100 ms.
TEST(LongPollClients, lose_what_comes_in_a_gap_when_they_have_none) {
  PushServer server;
  auto plan = plan_for(server, Strategy::long_poll);
  plan.rate = 100;
  plan.poll_gap_s = 0.1;
  plan.drain_s = 0.2;
  plan.cursor = CursorStyle::none;
  auto const result = run(plan);
  EXPECT_GE(result.delivered, 20U * 1);
  EXPECT_LE(result.delivered, 20U * 6);
  EXPECT_EQ(result.disconnects, 0U);
  EXPECT_EQ(result.useless_requests, 0U);
}

TEST(StaleShare, is_the_time_from_the_first_event_that_nobody_gets) {
  PushServer server({.refuse_publish = true});
  auto plan = plan_for(server, Strategy::sse);
  plan.drain_s = 0;
  plan.workers = 3;
  auto const result = run(plan);
  ASSERT_TRUE(result.stale_share.has_value());
  EXPECT_NEAR(*result.stale_share, (0.5 - 0.125) / 0.5, 1e-9);
}

}  // namespace
}  // namespace pushlab::loadgen

#include "loadgen/load.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <vector>

#include "tests/unit/loadgen/push_server.hpp"

namespace pushlab::loadgen {
namespace {

struct Watcher final : LoadObserver {
  void phase(Phase phase, std::int64_t at_ns) override {
    phases.push_back(phase);
    times.push_back(at_ns);
  }
  void progress(Progress const& progress) override { last = progress; }
  bool stop_requested() const override {
    return stop_in && !phases.empty() && phases.back() == *stop_in;
  }

  std::vector<Phase> phases;
  std::vector<std::int64_t> times;
  Progress last;
  std::optional<Phase> stop_in;
};

LoadPlan plan_for(PushServer const& server, Strategy strategy) {
  LoadPlan plan;
  plan.strategy = strategy;
  auto const path = strategy == Strategy::sse         ? "/events?events={events}"
                    : strategy == Strategy::websocket ? "/ws?events={events}"
                    : strategy == Strategy::reload    ? "/snapshot?events={events}"
                                                      : "/poll?events={events}";
  plan.client_url = server.url(path);
  plan.ingest.url = server.url("/notify");
  plan.clients = 20;
  plan.arrivals = Arrivals::fixed;
  plan.rate = 100;
  plan.settle_s = 0.01;
  plan.warmup_s = 0.1;
  plan.measure_s = 0.3;
  plan.drain_s = 5;
  plan.poll_interval_s = 0.05;
  plan.poll_wait_s = 5;
  return plan;
}

void expect_every_delivery(LoadResult const& result) {
  EXPECT_EQ(result.connected, result.clients);
  EXPECT_EQ(result.connect_failures, 0U);
  EXPECT_EQ(result.events, 30U);
  EXPECT_EQ(result.expected, 600U);
  EXPECT_EQ(result.delivered, 600U);
  EXPECT_EQ(result.lost, 0U);
  EXPECT_EQ(result.duplicates, 0U);
  EXPECT_EQ(result.malformed, 0U);
  EXPECT_EQ(result.out_of_order, 0U);
  EXPECT_EQ(result.latency.total(), 600U);
  EXPECT_TRUE(result.latency.quantile(1).has_value());
  EXPECT_EQ(result.event_rows.size(), 30U);
  for (auto const& row : result.event_rows) {
    EXPECT_EQ(row.delivered, 20U);
    EXPECT_LE(*row.first_ns, *row.p50_ns);
    EXPECT_LE(*row.p50_ns, *row.p90_ns);
    EXPECT_LE(*row.p90_ns, *row.last_ns);
  }
}

class EveryStrategy : public testing::TestWithParam<Strategy> {};

TEST_P(EveryStrategy, delivers_every_event_to_every_client) {
  PushServer server;
  Watcher watcher;
  auto const result = run_load(plan_for(server, GetParam()), watcher);
  expect_every_delivery(result);
  EXPECT_EQ(result.disconnects, 0U);
  EXPECT_GT(result.bytes_received, 600U * 200);
  EXPECT_EQ(watcher.phases, (std::vector{Phase::connect, Phase::connected, Phase::warm_up,
                                         Phase::measure, Phase::drain, Phase::done}));
  EXPECT_TRUE(std::ranges::is_sorted(watcher.times));
}

INSTANTIATE_TEST_SUITE_P(Load, EveryStrategy,
                         testing::Values(Strategy::sse, Strategy::websocket, Strategy::long_poll,
                                         Strategy::short_poll, Strategy::reload),
                         [](auto const& row) {
                           std::string name(name_of(row.param));
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

// Who is away does not miss what was meant for that time; all else arrives, and once.
TEST_P(EveryStrategy, expects_nothing_of_clients_that_are_away) {
  PushServer server;
  Watcher watcher;
  auto plan = plan_for(server, GetParam());
  plan.churn_session_s = 0.2;
  plan.churn_pause_s = 0.05;
  auto const result = run_load(plan, watcher);
  ASSERT_TRUE(result.sessions);
  EXPECT_GT(result.sessions->ended, 0U);
  EXPECT_GT(result.sessions->absent_pairs, 0U);
  EXPECT_GT(result.sessions->connect.recorded(), 0U);
  EXPECT_EQ(result.expected + result.sessions->absent_pairs, 600U);
  EXPECT_EQ(result.delivered, result.expected);
  EXPECT_EQ(result.duplicates, 0U);
  EXPECT_EQ(result.out_of_order, 0U);
  EXPECT_EQ(result.disconnects, 0U);
  EXPECT_EQ(to_json(result).at("sessions").at("ended"), result.sessions->ended);
}

TEST(Load, counts_useless_polls) {
  PushServer server;
  Watcher watcher;
  auto plan = plan_for(server, Strategy::short_poll);
  plan.rate = 4;
  plan.measure_s = 0.5;
  plan.poll_interval_s = 0.02;
  auto const result = run_load(plan, watcher);
  EXPECT_EQ(result.lost, 0U);
  EXPECT_GT(result.requests, 20U * 10);
  EXPECT_GT(result.useless_requests, result.requests / 2);
}

TEST(Load, shares_clients_among_processes_and_merges_exactly) {
  PushServer server;
  Watcher watcher;
  auto plan = plan_for(server, Strategy::sse);
  plan.workers = 3;
  auto const result = run_load(plan, watcher);
  expect_every_delivery(result);
  EXPECT_EQ(result.requests, 20U);
}

TEST(Load, counts_every_loss_and_keeps_it_as_infinite) {
  PushServer server({.drop_nth = 10});
  Watcher watcher;
  auto plan = plan_for(server, Strategy::sse);
  plan.drain_s = 0.2;
  auto const result = run_load(plan, watcher);
  EXPECT_EQ(result.expected, 600U);
  EXPECT_EQ(result.lost, 60U);
  EXPECT_EQ(result.latency.undelivered(), 60U);
  EXPECT_TRUE(result.latency.quantile(0.9).has_value());
  EXPECT_FALSE(result.latency.quantile(0.95).has_value());
  auto const json = to_json(result);
  EXPECT_TRUE(json.at("latency_ms").at("p99").is_null());
  EXPECT_TRUE(json.at("latency_ms").at("max").is_null());
}

TEST(Load, keeps_slow_readers_out_of_the_ledger) {
  PushServer server;
  Watcher watcher;
  for (auto const strategy : {Strategy::sse, Strategy::websocket}) {
    auto plan = plan_for(server, strategy);
    plan.slow_readers = 0.25;
    plan.slow_read_bytes_per_s = 3000;  // of more than 20'000
    auto const result = run_load(plan, watcher);
    ASSERT_TRUE(result.slow_readers);
    EXPECT_EQ(result.slow_readers->clients, 5U);
    EXPECT_EQ(result.slow_readers->disconnects, 0U);
    EXPECT_LT(result.slow_readers->delivered, 5U * 15);
    EXPECT_EQ(result.connected, 20U);
    EXPECT_EQ(result.expected, 450U);
    EXPECT_EQ(result.delivered, 450U);
    EXPECT_EQ(result.latency.total(), 450U);
  }
}

TEST(Load, gives_events_the_names_and_sizes_of_a_trace) {
  PushServer server;
  Watcher watcher;
  auto plan = plan_for(server, Strategy::sse);
  plan.arrivals = Arrivals::trace;
  plan.trace = TRACE;
  plan.names = 8;
  plan.subscriptions = 8;
  plan.workers = 2;
  auto const result = run_load(plan, watcher);
  EXPECT_GT(result.events, 0U);
  EXPECT_EQ(result.expected, result.events * 20);
  EXPECT_EQ(result.delivered, result.expected);
  plan.names = 2;
  plan.subscriptions = 1;
  EXPECT_THROW(run_load(plan, watcher), LoadError);  // it names more
}

TEST(Load, counts_every_duplicate) {
  PushServer server({.repeat_nth = 8});
  Watcher watcher;
  auto plan = plan_for(server, Strategy::websocket);
  plan.warmup_s = 0;
  auto const result = run_load(plan, watcher);
  EXPECT_EQ(result.delivered, 600U);
  EXPECT_EQ(result.duplicates, 75U);
}

TEST(Load, counts_every_delivery_that_is_not_what_was_published) {
  for (auto const strategy : {Strategy::sse, Strategy::websocket}) {
    PushServer server({.spoil_nth = 8});
    Watcher watcher;
    auto plan = plan_for(server, strategy);
    plan.warmup_s = 0;
    auto const result = run_load(plan, watcher);
    EXPECT_EQ(result.delivered, 600U);
    EXPECT_EQ(result.malformed, 75U);
    EXPECT_EQ(to_json(result).at("malformed"), 75U);
  }
}

TEST(Load, counts_disorder) {
  PushServer server({.swap_pairs = true});
  Watcher watcher;
  auto plan = plan_for(server, Strategy::sse);
  plan.warmup_s = 0;
  auto const result = run_load(plan, watcher);
  EXPECT_EQ(result.delivered, 600U);
  EXPECT_GT(result.out_of_order, 0U);
  EXPECT_LE(result.out_of_order, 300U);
}

class StreamStrategy : public testing::TestWithParam<Strategy> {};

TEST_P(StreamStrategy, comes_back_after_a_cut_and_misses_nothing) {
  PushServer server({.cut_after = 20});
  Watcher watcher;
  auto plan = plan_for(server, GetParam());
  plan.measure_s = 0.5;
  auto const result = run_load(plan, watcher);
  EXPECT_EQ(result.disconnects, 20U);
  EXPECT_EQ(server.resumes, 20);
  EXPECT_EQ(result.lost, 0U);
  EXPECT_EQ(result.duplicates, 0U);
  EXPECT_EQ(result.requests, 40U);
}

INSTANTIATE_TEST_SUITE_P(Load, StreamStrategy, testing::Values(Strategy::sse, Strategy::websocket),
                         [](auto const& row) { return std::string(name_of(row.param)); });

TEST(Load, asks_as_an_event_source_does_and_comes_back_when_it_was_told_to) {
  PushServer server({.cut_after = 20});
  Watcher watcher;
  auto plan = plan_for(server, Strategy::sse);
  run_load(plan, watcher);
  EXPECT_EQ(server.odd_requests, 0);
  EXPECT_GE(server.first_back_ns, 50'000'000);  // its retry; without one it is a second
  EXPECT_LT(server.first_back_ns, 900'000'000);
}

TEST(Load, answers_pings) {
  PushServer server;
  Watcher watcher;
  run_load(plan_for(server, Strategy::websocket), watcher);
  EXPECT_EQ(server.pongs, 20);
}

TEST(Load, publishes_over_connections_that_close_each_time) {
  PushServer server({.close_after_publish = true});
  Watcher watcher;
  auto const result = run_load(plan_for(server, Strategy::sse), watcher);
  EXPECT_EQ(result.delivered, 600U);
  EXPECT_EQ(result.publish_errors, 0U);
  EXPECT_GT(server.least_spare, 0) << "the next event would have paid for a connect";
}

TEST(Load, counts_refused_publishes_and_their_losses) {
  PushServer server({.refuse_publish = true});
  Watcher watcher;
  auto plan = plan_for(server, Strategy::sse);
  plan.drain_s = 0;
  auto const result = run_load(plan, watcher);
  EXPECT_EQ(result.publish_errors, 40U);
  EXPECT_EQ(result.lost, 600U);
}

TEST(Load, sends_the_next_event_in_lockstep_when_all_clients_have_the_last) {
  PushServer server;
  Watcher watcher;
  auto plan = plan_for(server, Strategy::sse);
  plan.arrivals = Arrivals::lockstep;
  plan.window = 2;
  auto const result = run_load(plan, watcher);
  EXPECT_GT(result.events, 2U);
  EXPECT_EQ(result.lost, 0U);
  EXPECT_EQ(result.delivered, result.events * 20);
}

TEST(Load, sends_as_many_events_as_were_counted_and_asks_before_each) {
  struct Gate final : LoadObserver {
    bool lets_go(std::uint32_t event) override {
      asked.push_back(event);
      return asked.size() % 2 == 0;  // the first time it says no
    }
    std::vector<std::uint32_t> asked;
  };
  PushServer server;
  Gate gate;
  auto plan = plan_for(server, Strategy::sse);
  plan.arrivals = Arrivals::lockstep;
  plan.events = 3;
  plan.warmup_s = 0;
  plan.measure_s = 60;
  auto const result = run_load(plan, gate);
  EXPECT_EQ(gate.asked, (std::vector<std::uint32_t>{0, 0, 1, 1, 2, 2, 3, 3}));
  EXPECT_EQ(result.events, 3U);
  EXPECT_EQ(result.delivered, 60U);
  EXPECT_EQ(result.lost, 0U);
  EXPECT_LT(result.measured_s, 60);
}

TEST(Load, gives_each_client_its_names_only) {
  PushServer server;
  Watcher watcher;
  auto plan = plan_for(server, Strategy::sse);
  plan.names = 2;  // the server knows no names and sends all to all
  auto const result = run_load(plan, watcher);
  EXPECT_EQ(result.expected, 300U);
  EXPECT_EQ(result.delivered, 300U);
  EXPECT_GT(result.unentitled, 0U);
}

TEST(Load, ends_in_order_when_asked_to_stop) {
  PushServer server;
  Watcher watcher;
  watcher.stop_in = Phase::measure;
  auto plan = plan_for(server, Strategy::sse);
  plan.measure_s = 60;
  auto const result = run_load(plan, watcher);
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(result.lost, 0U);
  EXPECT_EQ(watcher.phases.back(), Phase::done);
}

TEST(Load, says_why_no_client_can_connect) {
  PushServer server({.refuse_clients = true});
  Watcher watcher;
  for (auto const strategy : {Strategy::sse, Strategy::websocket, Strategy::long_poll}) {
    try {
      run_load(plan_for(server, strategy), watcher);
      FAIL() << "no error";
    } catch (LoadError const& error) {
      EXPECT_NE(std::string(error.what()).find("503"), std::string::npos) << error.what();
    }
  }
}

TEST(Load, says_that_the_ingest_cannot_be_reached) {
  PushServer server;
  Watcher watcher;
  auto plan = plan_for(server, Strategy::sse);
  plan.ingest.url = "http://127.0.0.1:1/notify";
  EXPECT_THROW(run_load(plan, watcher), LoadError);
}

TEST(Load, refuses_a_plan_that_is_not_sound) {
  Watcher watcher;
  EXPECT_THROW(run_load({}, watcher), LoadError);
}

TEST(Load, writes_a_result_that_adds_up) {
  PushServer server;
  Watcher watcher;
  auto const json = to_json(run_load(plan_for(server, Strategy::sse), watcher));
  std::uint64_t in_series = 0;
  for (auto const& row : json.at("series").as_array())
    in_series += row.at("deliveries").to_number<std::uint64_t>();
  EXPECT_EQ(in_series, 600U);
  std::uint64_t in_buckets = 0;
  auto const& histogram = json.at("histograms").at("latency");
  for (auto const& pair : histogram.at("counts").as_array())
    in_buckets += pair.at(1).to_number<std::uint64_t>();
  EXPECT_EQ(in_buckets, 600U);
  EXPECT_EQ(histogram.at("total"), 600U);
  EXPECT_EQ(json.at("event_rows").at("rows").as_array().size(), 30U);
  EXPECT_EQ(json.at("event_rows").at("rows").at(0).as_array().size(), 8U);
}

}  // namespace
}  // namespace pushlab::loadgen

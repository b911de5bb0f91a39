#include "driver/load_flags.hpp"

#include <gtest/gtest.h>

#include "driver/http_stream.hpp"
#include "driver/input_error.hpp"
#include "driver/workload_keys.hpp"

namespace pushlab::driver {
namespace {

TEST(FillUrl, adds_the_strategys_path_to_a_base_only) {
  std::string const events = "{client}/events?events={events}";
  EXPECT_EQ(fill_url("http://h:1", events, "client"), "http://h:1/events?events={events}");
  EXPECT_EQ(fill_url("http://h:1/", events, "client"), "http://h:1/events?events={events}");
  EXPECT_EQ(fill_url("http://h:1/mine?x=1", events, "client"), "http://h:1/mine?x=1");
  EXPECT_THROW(fill_url("h:1", events, "client"), InputError);
}

TEST(ParseCpuList, reads_numbers_and_ranges) {
  EXPECT_EQ(parse_cpu_list("1"), (std::vector<int>{1}));
  EXPECT_EQ(parse_cpu_list("0,2-4"), (std::vector<int>{0, 2, 3, 4}));
  EXPECT_THROW(parse_cpu_list("one"), InputError);
  EXPECT_THROW(parse_cpu_list("1,"), InputError);
  EXPECT_THROW(parse_cpu_list("-1"), InputError);
}

TEST(MakePlan, takes_the_strategys_shapes_and_the_flags) {
  LoadFlags flags;
  flags.strategy = "short-poll";
  flags.client_url = "http://127.0.0.1:1";
  flags.ingest_url = "http://127.0.0.1:2";
  flags.poll_interval_s = 0.5;
  auto const plan = make_plan(flags);
  EXPECT_EQ(plan.strategy, loadgen::Strategy::short_poll);
  EXPECT_EQ(plan.client_url, "http://127.0.0.1:1/poll?events={events}");
  EXPECT_EQ(plan.ingest.url, "http://127.0.0.1:2/notify");
  EXPECT_EQ(plan.poll_interval_s, 0.5);
}

TEST(MakePlan, takes_every_number_of_a_workload) {
  for (auto const& key : workload_keys()) {
    LoadFlags flags;
    CLI::App app;
    add_load_flags(app, flags);
    app.parse(std::string("--client-url x --ingest-url x ") + key.flag + " 0.5");
    EXPECT_EQ(flags.plan.*key.member, 0.5) << key.key;
  }
}

TEST(MakePlan, reloads_every_five_seconds_unless_told) {
  LoadFlags flags;
  flags.strategy = "reload";
  flags.client_url = flags.ingest_url = "http://127.0.0.1:1";
  EXPECT_EQ(make_plan(flags).poll_interval_s, 5);
}

TEST(MakePlan, finds_the_snapshot_beside_the_clients_path) {
  LoadFlags flags;
  flags.strategy = "websocket";
  flags.plan.refresh = true;
  flags.ingest_url = "http://127.0.0.1:1";
  for (auto const* url : {"http://h:1", "http://h:1/", "ws://h:1/mine?events={events}"}) {
    flags.client_url = url;
    EXPECT_EQ(make_plan(flags).snapshot_url, "http://h:1/snapshot?events={events}");
  }
}

TEST(MakePlan, takes_the_flags_of_clients) {
  LoadFlags flags;
  CLI::App app;
  add_load_flags(app, flags);
  app.parse(
      "--strategy long-poll --client-url http://h:1 --ingest-url http://h:2 --no-keep-alive "
      "--poll-gap 0.5 --cursor none");
  auto const plan = make_plan(flags);
  EXPECT_FALSE(plan.keep_alive);
  EXPECT_EQ(plan.poll_gap_s, 0.5);
  EXPECT_EQ(plan.cursor, loadgen::CursorStyle::none);
  EXPECT_TRUE(LoadFlags{}.plan.keep_alive);
}

TEST(MakePlan, refuses_what_clients_of_a_strategy_cannot_do) {
  LoadFlags flags;
  flags.strategy = "sse";
  flags.client_url = flags.ingest_url = "http://127.0.0.1:1";
  flags.plan.poll_gap_s = 1;
  EXPECT_THROW(make_plan(flags), InputError);
  flags.plan.poll_gap_s = 0;
  flags.plan.refresh_jitter_s = 1;
  EXPECT_THROW(make_plan(flags), InputError);
  flags.plan.refresh_jitter_s = 0;
  flags.cursor = "none";
  EXPECT_THROW(make_plan(flags), InputError);
}

TEST(MakePlan, wants_a_strategy_or_a_target) {
  LoadFlags flags;
  flags.client_url = flags.ingest_url = "http://127.0.0.1:1";
  EXPECT_THROW(make_plan(flags), InputError);
}

TEST(WithParameter, adds_or_replaces_one_parameter) {
  EXPECT_EQ(with_parameter("http://h/p", "since", "1-2"), "http://h/p?since=1-2");
  EXPECT_EQ(with_parameter("http://h/p?a=1", "since", "x y"), "http://h/p?a=1&since=x%20y");
  EXPECT_EQ(with_parameter("http://h/p?since=1&a=2#f", "since", "3"), "http://h/p?a=2&since=3");
}

}  // namespace
}  // namespace pushlab::driver

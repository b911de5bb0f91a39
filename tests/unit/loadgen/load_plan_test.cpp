#include "loadgen/load_plan.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "loadgen/loop/endpoint.hpp"

namespace pushlab::loadgen {
namespace {

LoadPlan sound() {
  LoadPlan plan;
  plan.client_url = "http://127.0.0.1:8080/events?events={events}";
  plan.ingest.url = "http://127.0.0.1:8081/notify";
  return plan;
}

template <class Change>
std::string problem_after(Change change) {
  auto plan = sound();
  change(plan);
  return problem_of(plan).value_or("");
}

TEST(LoadPlan, is_sound_by_default) {
  EXPECT_EQ(problem_of(sound()), std::nullopt);
}

TEST(LoadPlan, says_the_smallest_payload) {
  EXPECT_EQ(problem_after([](LoadPlan& plan) { plan.payload_bytes = 20; }),
            "payload_bytes is 20: give a value from 48 to 1048576");
  EXPECT_EQ(problem_after([](LoadPlan& plan) { plan.payload_bytes = 48; }), "");
}

TEST(LoadPlan, refuses_numbers_out_of_range_by_name) {
  EXPECT_NE(problem_after([](LoadPlan& plan) { plan.clients = 0; }).find("clients is 0"),
            std::string::npos);
  EXPECT_NE(problem_after([](LoadPlan& plan) { plan.rate = 0; }).find("rate"), std::string::npos);
  EXPECT_NE(problem_after([](LoadPlan& plan) { plan.rate = NAN; }).find("rate"), std::string::npos);
  EXPECT_NE(problem_after([](LoadPlan& plan) { plan.subscriptions = 2; }).find("subscriptions"),
            std::string::npos);
  EXPECT_NE(problem_after([](LoadPlan& plan) { plan.workers = 65; }).find("workers"),
            std::string::npos);
  EXPECT_NE(problem_after([](LoadPlan& plan) { plan.measure_s = 0; }).find("measure_s"),
            std::string::npos);
}

TEST(LoadPlan, refuses_what_clients_of_the_strategy_cannot_do) {
  EXPECT_EQ(problem_after([](LoadPlan& plan) { plan.keep_alive = false; }),
            "keep_alive = false does nothing for sse: leave it out");
  EXPECT_EQ(problem_after([](LoadPlan& plan) { plan.poll_gap_s = 1; }),
            "poll_gap_s does nothing for sse: leave it out");
  EXPECT_EQ(problem_after([](LoadPlan& plan) { plan.cursor = CursorStyle::none; }),
            "the cursor style none does nothing for sse: leave it out");
  EXPECT_EQ(problem_after([](LoadPlan& plan) { plan.refresh_jitter_s = 1; }),
            "refresh_jitter_s needs refresh: set it");
  EXPECT_NE(problem_after([](LoadPlan& plan) { plan.refresh = true; }).find("the snapshot URL"),
            std::string::npos);
  EXPECT_EQ(problem_after([](LoadPlan& plan) {
              plan.refresh = true;
              plan.keep_alive = false;
              plan.snapshot_url = "http://h/snapshot";
            }),
            "");
}

TEST(LoadPlan, refuses_urls_it_cannot_measure) {
  EXPECT_NE(problem_after([](LoadPlan& plan) { plan.client_url = "https://h/"; }).find("http://"),
            std::string::npos);
  EXPECT_NE(problem_after([](LoadPlan& plan) { plan.ingest.url = ""; }).find("ingest"),
            std::string::npos);
  EXPECT_NE(problem_after([](LoadPlan& plan) { plan.client_url = "http://h:99999/"; }).find("port"),
            std::string::npos);
}

TEST(LoadPlan, refuses_a_call_that_carries_no_event) {
  EXPECT_NE(problem_after([](LoadPlan& plan) { plan.ingest.body = "{}"; }).find("{notification}"),
            std::string::npos);
}

TEST(LoadPlan, refuses_headers_that_would_break_the_request) {
  EXPECT_NE(problem_after([](LoadPlan& plan) { plan.client_headers = {"X: a\r\nY: b"}; }), "");
  EXPECT_NE(problem_after([](LoadPlan& plan) { plan.ingest.headers = {"X"}; }), "");
}

TEST(LoadPlan, refuses_more_deliveries_than_can_be_checked) {
  EXPECT_NE(problem_after([](LoadPlan& plan) {
              plan.clients = 100'000;
              plan.rate = 1000;
              plan.measure_s = 1000;
            }).find("lower the rate"),
            std::string::npos);
}

TEST(LoadPlan, refuses_an_mqtt_client_with_more_names_than_one_packet_takes) {
  auto const problem_of_names = [](unsigned names, unsigned qos) {
    return problem_after([&](LoadPlan& plan) {
      plan.strategy = Strategy::mqtt;
      plan.names = plan.subscriptions = names;
      plan.mqtt_qos = qos;
      plan.clients = 1;
    });
  };
  EXPECT_EQ(problem_of_names(5000, 1), "");
  EXPECT_NE(problem_of_names(5001, 0).find("MQTT"), std::string::npos);
  EXPECT_NE(problem_of_names(1, 2).find("QoS"), std::string::npos);
}

TEST(LoadPlan, keeps_lockstep_in_one_worker) {
  EXPECT_NE(problem_after([](LoadPlan& plan) {
              plan.arrivals = Arrivals::lockstep;
              plan.workers = 2;
            }).find("set workers to 1"),
            std::string::npos);
}

TEST(LoadPlan, counts_events_in_lockstep_only_and_one_by_one) {
  auto const problem = [](Arrivals arrivals, unsigned window, double warmup_s) {
    return problem_after([&](LoadPlan& plan) {
      plan.arrivals = arrivals;
      plan.events = 10;
      plan.window = window;
      plan.warmup_s = warmup_s;
    });
  };
  EXPECT_EQ(problem(Arrivals::lockstep, 1, 0), "");
  EXPECT_NE(problem(Arrivals::fixed, 1, 0).find("lockstep"), std::string::npos);
  EXPECT_NE(problem(Arrivals::lockstep, 2, 0).find("window"), std::string::npos);
  EXPECT_NE(problem(Arrivals::lockstep, 1, 1).find("warmup_s"), std::string::npos);
}

TEST(LoadPlan, knows_its_words) {
  for (auto const strategy : {Strategy::sse, Strategy::websocket, Strategy::mqtt,
                              Strategy::long_poll, Strategy::short_poll, Strategy::reload}) {
    EXPECT_EQ(strategy_named(name_of(strategy)), strategy);
  }
  EXPECT_EQ(strategy_named("carrier-pigeon"), std::nullopt);
  EXPECT_EQ(arrivals_named("bursts"), Arrivals::bursts);
  EXPECT_EQ(cursor_named("etag"), CursorStyle::etag);
}

TEST(Url, is_taken_apart) {
  auto const url = parse_url("http://127.0.0.1:8080/a?b=c#d");
  EXPECT_EQ(url.host, "127.0.0.1");
  EXPECT_EQ(url.port, 8080);
  EXPECT_EQ(url.authority, "127.0.0.1:8080");
  EXPECT_EQ(url.target, "/a?b=c");
  EXPECT_EQ(parse_url("ws://[::1]:9/").host, "::1");
  EXPECT_EQ(parse_url("ws://[::1]/").port, 80);
  EXPECT_EQ(parse_url("mqtt://h").port, 1883);
  EXPECT_EQ(parse_url("http://h?x").target, "/?x");
  EXPECT_THROW(parse_url("http://:80/"), BadUrl);
  EXPECT_THROW(parse_url("http://h:0/"), BadUrl);
  EXPECT_THROW(parse_url("ftp://h/"), BadUrl);
}

}  // namespace
}  // namespace pushlab::loadgen

#include <gtest/gtest.h>

#include <cmath>

#include "tests/conformance/heartbeat/intermediaries.hpp"
#include "tests/conformance/testing/checked.hpp"
#include "tests/conformance/testing/scripted_stream.hpp"
#include "tests/conformance/testing/scripted_websocket.hpp"
#include "tests/conformance/testing/stream_coder.hpp"

namespace pushlab::conformance {
namespace {

using namespace testing;

// A stream that sends this again and again.
ScriptedServer::Talk beats(double period_s, std::string text = ":\n\n") {
  return each_request([period_s, text = std::move(text)](Peer& peer, Asked const&) {
    peer.begin_stream();
    while (peer.wait(period_s)) peer.send_chunk(text);
  });
}

// What a rule says of this endpoint, with other settings than the fast ones.
Finding finding(std::string const& id, ScriptedServer::Talk talk,
                std::function<void(Endpoint::Given&)> const& change) {
  ScriptedServer const server(std::move(talk));
  auto to = given(server);
  change(to);
  return checked(id, to);
}

// Pings as often, ends when `mute_s` have gone by without a pong; 0: never.
ScriptedServer::Talk pings(double period_s, double mute_s,
                           std::string const& frame = std::string("\x89\0", 2)) {
  WebSocketScript script;
  script.talk = [=](Peer& peer, Asked const&) {
    for (double heard_s = 0; peer.wait(period_s); heard_s += period_s) {
      if (mute_s > 0 && heard_s >= mute_s) return;
      peer.send(frame);
    }
  };
  return websocket(script);
}

void be_websocket(Endpoint::Given& to) {
  to.strategy = Strategy::websocket;
}

TEST(Heartbeat, H01_silence_that_is_too_long_warns_and_unbroken_silence_fails) {
  EXPECT_EQ(checked("HB-01", beats(0.03)).verdict, Verdict::pass);
  EXPECT_EQ(checked("HB-01", streams("data: hello\n\n")).verdict, Verdict::fail);
  auto const seldom = finding("HB-01", beats(0.5), [](Endpoint::Given& to) {
    to.settings.listen_s = 1.2;
    to.settings.heartbeat.silence_pass_s = 0.2;
    to.settings.heartbeat.silence_fail_s = 1.1;
  });
  EXPECT_EQ(seldom.verdict, Verdict::warn);
  EXPECT_EQ(finding("HB-01", pings(0.03, 0), be_websocket).verdict, Verdict::pass);
  EXPECT_EQ(finding("HB-01", pings(20, 0), be_websocket).verdict, Verdict::fail);
}

TEST(Heartbeat, H01_heartbeats_that_stop_fail) {
  auto const stops = each_request([](Peer& peer, Asked const&) {
    peer.begin_stream();
    if (peer.wait(0.15)) peer.send_chunk(":\n\n");
    peer.hold();
  });
  auto const change = [](Endpoint::Given& to) { to.settings.listen_s = 0.8; };
  EXPECT_EQ(finding("HB-01", stops, change).verdict, Verdict::fail);
}

TEST(Heartbeat, H01_a_stream_that_ends_early_is_not_judged) {
  auto const ends = each_request([](Peer& peer, Asked const&) {
    peer.begin_stream();
    if (peer.wait(0.05)) peer.send_last_chunk();
  });
  EXPECT_EQ(checked("HB-01", ends).verdict, Verdict::skip);
}

// What HB-02 says of a stream with heartbeats each 15 s, a second being a hundredth of one.
Finding on_path(std::vector<std::string> const& path) {
  return finding("HB-02", beats(0.15), [&path](Endpoint::Given& to) {
    to.settings.heartbeat.path = path;
    to.settings.heartbeat.path_second_s = 0.01;
  });
}

TEST(Heartbeat, H02_silence_that_the_path_does_not_stand_fails_and_half_of_it_warns) {
  EXPECT_EQ(on_path({"alb", "heroku", "caddy"}).verdict, Verdict::pass);
  EXPECT_EQ(on_path({"alb", "azure-app-gateway"}).verdict, Verdict::warn);
  EXPECT_EQ(on_path({"alb", "envoy"}).verdict, Verdict::warn);
  auto const seldom = finding("HB-02", streams("data: hello\n\n"), [](Endpoint::Given& to) {
    to.settings.heartbeat.path = {"caddy", "alb"};
    to.settings.heartbeat.path_second_s = 0.005;
  });
  EXPECT_EQ(seldom.verdict, Verdict::fail);
  EXPECT_NE(seldom.seen.find("alb cuts after 60 s"), std::string::npos) << seldom.seen;
}

TEST(Heartbeat, H02_tells_the_paths_that_are_survived_when_none_is_declared) {
  auto const found = on_path({});
  EXPECT_EQ(found.verdict, Verdict::info);
  EXPECT_NE(found.seen.find("heroku (55 s)"), std::string::npos) << found.seen;
}

TEST(Heartbeat, survived_paths_go_by_strategy_and_silence) {
  auto const part = [](Strategy strategy, double silence_s, std::string_view begin) {
    auto const text = survived_paths(strategy, silence_s);
    auto const at = text.find(begin);
    return at == std::string::npos ? std::string() : text.substr(at, text.find(';', at) - at);
  };
  auto const survived = part(Strategy::sse, 20, "survives");
  EXPECT_NE(survived.find("nginx (60 s)"), std::string::npos) << survived;
  EXPECT_NE(survived.find("caddy,"), std::string::npos) << survived;
  EXPECT_EQ(part(Strategy::sse, 20, "close"),
            "close to the limit of h2o (30 s), trafficserver (30 s), cloudfront (30 s), gcore (30 "
            "s)");
  EXPECT_EQ(part(Strategy::sse, 20, "cut by"), "cut by azure-app-gateway (20 s)");
  EXPECT_EQ(part(Strategy::sse, 20, "cut after"),
            "cut after a time, whatever is sent, by envoy (15 s), api-gateway (29 s), gcp-alb (30 "
            "s)");
  EXPECT_EQ(part(Strategy::websocket, 20, "cut after"),
            "cut after a time, whatever is sent, by gcp-alb (30 s)");
  EXPECT_EQ(part(Strategy::long_poll, 29, "close"), "");
  EXPECT_EQ(part(Strategy::long_poll, 29, "cut by"),
            "cut by envoy (15 s), api-gateway (29 s), azure-app-gateway (20 s)");
}

TEST(Heartbeat, H03_heartbeats_that_are_messages_warn) {
  EXPECT_EQ(checked("HB-03", beats(0.15)).verdict, Verdict::pass);
  EXPECT_EQ(checked("HB-03", beats(0.15, "event: ping\ndata: {}\n\n")).verdict, Verdict::pass);
  EXPECT_EQ(checked("HB-03", beats(0.15, "data: ping\n\n")).verdict, Verdict::warn);
  EXPECT_EQ(checked("HB-03", beats(0.11, "data: 17\n\n")).verdict, Verdict::warn);
  EXPECT_EQ(checked("HB-03", streams("data: hello\n\n")).verdict, Verdict::skip);
}

// Codes what it sends and flushes only the greeting, or each heartbeat, too.
ScriptedServer::Talk coded_beats(bool flushes) {
  return each_request([flushes](Peer& peer, Asked const& asked) {
    auto const accepted = asked.value("Accept-Encoding");
    auto const coding = accepted == "gzip" || accepted == "br" ? accepted : "";
    auto const coder = StreamCoder::of(coding);
    peer.begin_stream(coding.empty() ? std::vector<std::string>{}
                                     : std::vector{"Content-Encoding: " + coding});
    peer.send_chunk(coder->add(": hello\n\n"));
    while (peer.wait(0.2)) {
      auto const out = coder->add(":\n\n", flushes || coding.empty());
      if (!out.empty()) peer.send_chunk(out);
    }
  });
}

TEST(Heartbeat, H04_heartbeats_that_a_coder_keeps_fail) {
  EXPECT_EQ(checked("HB-04", coded_beats(true)).verdict, Verdict::pass);
  auto const kept = checked("HB-04", coded_beats(false));
  EXPECT_EQ(kept.verdict, Verdict::fail);
  EXPECT_EQ(kept.seen, "none in gzip, br");
  EXPECT_EQ(checked("HB-04", beats(0.1)).verdict, Verdict::skip);
}

// What HB-05 says of heartbeats of this text, which wait for silence or do not.
Verdict rhythm(bool waits, std::string const& text) {
  ScriptedHub hub;
  ScriptedServer const server([&](Peer& peer) {
    auto const asked = peer.read_request();
    if (!asked) return;
    auto next = hub.count();
    peer.begin_stream();
    for (auto due = Deadline::in(0.3); peer.wait(0);) {
      auto const post = hub.await(next, peer, std::max(0.001, due.left_ms() / 1000.0));
      if (post) peer.send_chunk(sse_event(next, payload_of(*post)));
      if (post ? waits : due.over()) {
        if (!post) peer.send_chunk(text);
        due = Deadline::in(0.3);
      }
    }
  });
  return checked("HB-05", given(server, hub)).verdict;
}

TEST(Heartbeat, H05_heartbeats_that_do_not_wait_for_silence_or_are_long_are_told_of) {
  EXPECT_EQ(rhythm(true, ":\n\n"), Verdict::pass);
  EXPECT_EQ(rhythm(false, ":\n\n"), Verdict::info);
  EXPECT_EQ(rhythm(true, ": we are still there\n\n"), Verdict::info);
}

// What HB-06 says of many streams which beat all at once or each in its own time.
Verdict crowd(bool at_once) {
  constexpr double period_s = 0.8;
  auto const begin = Clock::now();
  auto const talk = each_request([=](Peer& peer, Asked const&) {
    peer.begin_stream();
    auto const age_s = seconds_between(begin, Clock::now());
    auto due_s = at_once ? period_s * std::ceil(age_s / period_s) : age_s + period_s;
    while (peer.wait(due_s - seconds_between(begin, Clock::now()))) {
      peer.send_chunk(":\n\n");
      due_s += period_s;
    }
  });
  return finding("HB-06", talk, [](Endpoint::Given& to) { to.settings.heartbeat.beat_s = 1.5; })
      .verdict;
}

TEST(Heartbeat, H06_heartbeats_of_all_connections_at_once_warn) {
  EXPECT_EQ(crowd(false), Verdict::pass);
  EXPECT_EQ(crowd(true), Verdict::warn);
}

TEST(Heartbeat, H07_a_websocket_that_keeps_the_mute_or_never_pings_fails) {
  auto const verdict = [](ScriptedServer::Talk talk) {
    return finding("HB-07", std::move(talk), be_websocket).verdict;
  };
  EXPECT_EQ(verdict(pings(0.1, 0.1)), Verdict::pass);
  EXPECT_EQ(verdict(pings(0.1, 0)), Verdict::fail);
  EXPECT_EQ(verdict(pings(20, 0)), Verdict::fail);
  EXPECT_EQ(verdict(pings(0.1, 0, text_frame("ping"))), Verdict::warn);
}

TEST(Heartbeat, H07_a_websocket_that_drops_the_mute_late_warns) {
  auto const late = finding("HB-07", pings(0.05, 1.3), [](Endpoint::Given& to) {
    be_websocket(to);
    to.settings.listen_s = 2.5;
  });
  EXPECT_EQ(late.verdict, Verdict::warn);
}

// What HB-08 says of an endpoint that answers an idle poll after so long.
Verdict answered_after(double seconds) {
  auto const talk = each_request([seconds](Peer& peer, Asked const& asked) {
    bool const first = asked.target.find("since") == std::string::npos;
    if (!first && !peer.wait(seconds)) return;
    constexpr std::string_view body = R"({"next":"e-1","events":[]})";
    peer.send_head("200 OK", {"Content-Type: application/json", "Cache-Control: no-store",
                              "Content-Length: " + std::to_string(body.size())});
    peer.send(body);
  });
  return finding("HB-08", talk, [](Endpoint::Given& to) { to.strategy = Strategy::long_poll; })
      .verdict;
}

TEST(Heartbeat, H08_an_idle_poll_that_is_answered_late_warns_and_one_that_is_not_fails) {
  EXPECT_EQ(answered_after(0.05), Verdict::pass);
  EXPECT_EQ(answered_after(0.45), Verdict::warn);
  EXPECT_EQ(answered_after(0.8), Verdict::fail);
  EXPECT_EQ(answered_after(20), Verdict::fail);
}

// What HB-10 says of a server that drops a client after so long.
Verdict dropping_after(double seconds, bool slow) {
  auto const talk = [seconds](Peer& peer) {
    peer.read_request();
    peer.begin_stream();
    peer.wait(seconds);
  };
  return finding("HB-10", talk, [slow](Endpoint::Given& to) { to.settings.slow = slow; }).verdict;
}

TEST(Heartbeat, H10_a_vanished_client_that_is_kept_warns_and_fails_when_it_was_waited_for) {
  EXPECT_EQ(dropping_after(0.1, false), Verdict::pass);
  EXPECT_EQ(dropping_after(60, false), Verdict::warn);
  EXPECT_EQ(dropping_after(60, true), Verdict::fail);
}

}  // namespace
}  // namespace pushlab::conformance

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>

#include "tests/conformance/testing/checked.hpp"
#include "tests/conformance/testing/scripted_http2.hpp"
#include "tests/conformance/testing/scripted_websocket.hpp"
#include "tests/conformance/testing/tls_front.hpp"

// The rules of LIMIT that a real Chromium observes; skipped where there is none.
namespace pushlab::conformance {
namespace {

using namespace testing;

constexpr double generous_s = 10;  // for what must happen, on a machine that is busy
constexpr double short_s = 1.5;    // for what must not

Endpoint::Given with_patience(Endpoint::Given given, double patience_s) {
  given.settings.answer_s = generous_s;  // of what is asked before the browser starts
  given.settings.limit.patience_s = patience_s;
  return given;
}

Finding observed(std::string const& id, Endpoint::Given given, double patience_s) {
  return checked(id, with_patience(std::move(given), patience_s));
}

#define NEEDS_BROWSER(finding)                                                    \
  if ((finding).verdict == Verdict::skip && (finding).seen.starts_with("needs ")) \
  GTEST_SKIP() << (finding).seen

// Which streams the server leaves without an answer, by how many are open and how many ever were.
using Ignores = std::function<bool(int open, int ever, Asked const& asked)>;

ScriptedServer::Talk streams(Ignores ignores = [](int, int, Asked const&) { return false; }) {
  auto const open = std::make_shared<std::atomic<int>>(0);
  auto const ever = std::make_shared<std::atomic<int>>(0);
  return each_request([=](Peer& peer, Asked const& asked) {
    if (!asked.target.starts_with("/stream"))
      return peer.send_head("404 Not Found", {"Content-Length: 0"});
    bool const ignored = ignores(++*open, ++*ever, asked);
    if (!ignored) {
      peer.begin_stream();
      peer.send_chunk("data: hello\n\n");
    }
    peer.hold();
    --*open;
  });
}

Finding of_streams(std::string const& id, ScriptedServer::Talk talk, double patience_s) {
  ScriptedServer const server(std::move(talk));
  return observed(id, given(server), patience_s);
}

TEST(LimitBrowser, R01_to_R03_six_streams_are_what_a_sound_server_shows) {
  ScriptedServer const server(streams());
  Endpoint endpoint(with_patience(given(server), generous_s));
  auto const one = checked("LIMIT-01", endpoint);
  NEEDS_BROWSER(one);
  EXPECT_EQ(one.verdict, Verdict::info) << one.reason();
  EXPECT_TRUE(one.seen.starts_with("6 of 8 streams open")) << one.seen;
  auto const two = checked("LIMIT-02", endpoint);
  EXPECT_EQ(two.verdict, Verdict::info) << two.reason();
  EXPECT_TRUE(two.seen.starts_with("4 + 2 streams")) << two.seen;
  auto const three = checked("LIMIT-03", endpoint);
  EXPECT_EQ(three.verdict, Verdict::info) << three.reason();
  EXPECT_EQ(checked("LIMIT-05", endpoint).verdict, Verdict::skip);
  EXPECT_EQ(checked("LIMIT-06", endpoint).verdict, Verdict::skip);
}

TEST(LimitBrowser, R01_a_seventh_stream_that_is_left_waiting_fails) {
  auto const finding =
      of_streams("LIMIT-01", streams([](int, int ever, auto&) { return ever > 6; }), short_s);
  NEEDS_BROWSER(finding);
  EXPECT_EQ(finding.verdict, Verdict::fail);
  EXPECT_EQ(finding.expected, "a seventh stream when one is closed") << finding.seen;
}

TEST(LimitBrowser, R02_five_streams_in_two_pages_fail) {
  auto const finding =
      of_streams("LIMIT-02", streams([](int open, int, auto&) { return open > 5; }), short_s);
  NEEDS_BROWSER(finding);
  EXPECT_EQ(finding.verdict, Verdict::fail) << finding.seen;
}

TEST(LimitBrowser, R03_a_server_that_knows_one_name_of_its_host_fails) {
  auto const other = [](int, int, Asked const& asked) {
    return asked.value("Host").starts_with("localhost");
  };
  auto const finding = of_streams("LIMIT-03", streams(other), short_s);
  NEEDS_BROWSER(finding);
  EXPECT_EQ(finding.verdict, Verdict::fail) << finding.seen;
}

ScriptedServer::Talk sockets(int most) {
  auto const open = std::make_shared<std::atomic<int>>(0);
  return each_request([=](Peer& peer, Asked const& asked) {
    if (!asked.has("Upgrade")) return peer.send_head("404 Not Found", {"Content-Length: 0"});
    if (++*open <= most) peer.send(handshake_answer(asked));
    peer.hold();
  });
}

TEST(LimitBrowser, R04_fewer_than_20_websockets_fail) {
  auto const with = [](int most, double patience_s) {
    ScriptedServer const server(sockets(most));
    auto websocket = given(server);
    websocket.strategy = Strategy::websocket;
    return observed("LIMIT-04", websocket, patience_s);
  };
  auto const sound = with(20, generous_s);
  NEEDS_BROWSER(sound);
  EXPECT_EQ(sound.verdict, Verdict::info) << sound.reason();
  EXPECT_EQ(with(6, short_s).verdict, Verdict::fail);
}

Finding over_http2(std::string const& id, Http2Script script, double patience_s) {
  ScriptedServer const server(http2(std::move(script)));
  TlsFront const front(server, "h2");
  auto over_tls = given(server);
  over_tls.url = front.url();
  return observed(id, over_tls, patience_s);
}

TEST(LimitBrowser, R05_fewer_than_eight_streams_over_http2_fail) {
  auto const sound = over_http2("LIMIT-05", {}, generous_s);
  NEEDS_BROWSER(sound);
  EXPECT_EQ(sound.verdict, Verdict::info) << sound.reason();
  EXPECT_EQ(over_http2("LIMIT-05", {.answers = 4}, short_s).verdict, Verdict::fail);
}

TEST(LimitBrowser, R06_fewer_streams_than_settings_allow_fail) {
  auto const sound = over_http2("LIMIT-06", {.max_streams = 12}, generous_s);
  NEEDS_BROWSER(sound);
  EXPECT_EQ(sound.verdict, Verdict::info) << sound.reason();
  EXPECT_TRUE(sound.seen.starts_with("12 of 120 streams open")) << sound.seen;
  auto const broken = over_http2("LIMIT-06", {.max_streams = 12, .answers = 10}, short_s);
  EXPECT_EQ(broken.verdict, Verdict::fail) << broken.seen;
}

// At most so many requests are worked on at once, polls that are held among them.
ScriptedServer::Talk held_polls(int most) {
  auto const busy = std::make_shared<std::atomic<int>>(0);
  return each_request([=](Peer& peer, Asked const& asked) {
    bool const held = asked.target.find("since=") != std::string::npos;
    bool const served = ++*busy <= most;
    if (held || !served) peer.hold();
    --*busy;
    if (held || !served) return;
    std::string const body = R"({"next":"e-1","events":[]})";
    peer.send_head("200 OK", {fmt::format("Content-Length: {}", body.size())});
    peer.send(body);
  });
}

TEST(LimitBrowser, R08_an_answer_that_waits_for_held_polls_fails) {
  auto const with = [](int most, double patience_s) {
    ScriptedServer const server(held_polls(most));
    auto polls = given(server);
    polls.strategy = Strategy::long_poll;
    return observed("LIMIT-08", polls, patience_s);
  };
  auto const sound = with(100, generous_s);
  NEEDS_BROWSER(sound);
  EXPECT_EQ(sound.verdict, Verdict::info) << sound.reason();
  EXPECT_EQ(with(4, short_s).verdict, Verdict::fail);
}

}  // namespace
}  // namespace pushlab::conformance

#include <gtest/gtest.h>

#include "tests/conformance/testing/checked.hpp"
#include "tests/conformance/testing/scripted_http2.hpp"

// LIMIT-07. What needs a browser: limit_browser_test.cpp.
namespace pushlab::conformance {
namespace {

using namespace testing;

// More than a window of LIMIT-07 on each stream, at once.
std::string const long_greeting = "data: " + std::string(4000, 'x') + "\n\n";

Finding with_events(Http2Script script) {
  ScriptedHub hub;
  script.hub = &hub;
  ScriptedServer const server(http2(std::move(script)));
  return checked("LIMIT-07", given(server, hub));
}

TEST(Limit, R07_a_full_window_that_stalls_the_other_streams_fails) {
  auto const sound = checked("LIMIT-07", http2({.greeting = long_greeting}));
  EXPECT_EQ(sound.verdict, Verdict::pass) << sound.reason();
  EXPECT_EQ(sound.seen, "heads: 20 of 20; windows that ran full: 10; nothing was published");
  EXPECT_EQ(
      checked("LIMIT-07", http2({.greeting = long_greeting, .full_window_stalls = true})).verdict,
      Verdict::fail);
}

TEST(Limit, R07_an_event_that_waits_for_full_windows_fails) {
  auto const sound = with_events({});
  EXPECT_EQ(sound.verdict, Verdict::pass) << sound.reason();
  auto const stalled = with_events({.full_window_stalls = true});
  EXPECT_EQ(stalled.verdict, Verdict::fail);
  EXPECT_EQ(stalled.expected, "an event past streams that take no more");
}

TEST(Limit, R07_a_cancel_that_ends_the_others_fails) {
  auto const finding = checked("LIMIT-07", http2({.cancel_ends_all = true}));
  EXPECT_EQ(finding.verdict, Verdict::fail);
}

TEST(Limit, R07_a_cancelled_stream_that_keeps_its_place_fails) {
  EXPECT_EQ(checked("LIMIT-07", http2({.answers = 19})).verdict, Verdict::fail);
}

TEST(Limit, R07_no_more_streams_are_asked_for_than_settings_allow) {
  auto const finding = checked("LIMIT-07", http2({.max_streams = 8}));
  EXPECT_EQ(finding.verdict, Verdict::pass) << finding.reason();
  EXPECT_EQ(finding.seen, "heads: 8 of 8; windows that ran full: 0; nothing was published");
}

TEST(Limit, R07_an_endpoint_without_http2_is_not_judged) {
  auto const old = each_request(
      [](Peer& peer, Asked const&) { peer.send_head("400 Bad Request", {"Content-Length: 0"}); });
  EXPECT_EQ(checked("LIMIT-07", old).verdict, Verdict::skip);
}

}  // namespace
}  // namespace pushlab::conformance

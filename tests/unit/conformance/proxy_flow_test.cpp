#include <gtest/gtest.h>

#include "tests/unit/conformance/proxied.hpp"

namespace pushlab::conformance {
namespace {

using namespace testing;

// These faults for a request with Accept-Encoding, none for the others.
ScriptedProxy::Choose coded(ProxyFaults faults) {
  return [faults](Asked const& asked) {
    return asked.has("Accept-Encoding") ? faults : ProxyFaults{};
  };
}

TEST(ProxyFlow, R00_without_a_proxy_there_is_nothing_to_judge) {
  auto faultless = through();
  faultless.given.via = nullptr;
  EXPECT_EQ(faultless.check("PROXY-02").verdict, Verdict::skip);
}

TEST(ProxyFlow, R01_a_head_that_comes_with_the_first_event_fails) {
  EXPECT_EQ(through().check("PROXY-01").verdict, Verdict::pass);
  EXPECT_EQ(through({.withhold = true}).check("PROXY-01").verdict, Verdict::fail);
  EXPECT_EQ(through({.delay_s = 0.5}).check("PROXY-01").verdict, Verdict::warn);
}

TEST(ProxyFlow, R01_an_endpoint_that_is_slow_itself_is_not_judged) {
  auto slow = through();
  slow.given.settings.proxy.head_warn_s = 0;
  EXPECT_EQ(slow.check("PROXY-01").verdict, Verdict::skip);
}

TEST(ProxyFlow, R02_a_delay_of_each_event_warns) {
  EXPECT_EQ(through().check("PROXY-02").verdict, Verdict::pass);
  EXPECT_EQ(through({.delay_s = 0.17}).check("PROXY-02").verdict, Verdict::warn);
}

TEST(ProxyFlow, R02_a_long_delay_and_events_that_never_come_fail) {
  EXPECT_EQ(through({.delay_s = 0.4}).check("PROXY-02").verdict, Verdict::fail);
  EXPECT_EQ(through({.withhold = true}).check("PROXY-02").verdict, Verdict::fail);
}

TEST(ProxyFlow, R03_events_that_arrive_together_fail) {
  EXPECT_EQ(through().check("PROXY-03").verdict, Verdict::pass);
  EXPECT_EQ(through({.gather_s = 0.35}).check("PROXY-03").verdict, Verdict::fail);
}

TEST(ProxyFlow, R03_a_proxy_that_lets_nothing_through_is_left_to_02) {
  EXPECT_EQ(through({.withhold = true}).check("PROXY-03").verdict, Verdict::skip);
}

TEST(ProxyFlow, R04_a_proxy_that_holds_back_what_it_codes_fails) {
  EXPECT_EQ(through().check("PROXY-04").verdict, Verdict::pass);
  EXPECT_EQ(Proxied(coded({.withhold = true})).check("PROXY-04").verdict, Verdict::fail);
}

TEST(ProxyFlow, R04_and_does_not_count_against_02) {
  EXPECT_EQ(Proxied(coded({.withhold = true})).check("PROXY-02").verdict, Verdict::pass);
}

TEST(ProxyFlow, R05_a_last_event_that_waits_for_the_next_one_fails) {
  EXPECT_EQ(through().check("PROXY-05").verdict, Verdict::pass);
  EXPECT_EQ(through({.late_by_one = true}).check("PROXY-05").verdict, Verdict::fail);
}

}  // namespace
}  // namespace pushlab::conformance

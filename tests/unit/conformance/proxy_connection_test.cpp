#include <gtest/gtest.h>

#include "tests/conformance/wire/http_message.hpp"
#include "tests/unit/conformance/proxied.hpp"

namespace pushlab::conformance {
namespace {

using namespace testing;

// Takes the lines of a head that begin so.
std::function<std::string(std::string)> without(std::string const& name) {
  return [name](std::string bytes) {
    for (auto at = bytes.find("\r\n" + name); at != std::string::npos;
         at = bytes.find("\r\n" + name))
      bytes.erase(at, bytes.find("\r\n", at + 2) - at);
    return bytes;
  };
}

Proxied upgrading(ProxyFaults faults = {}) {
  return through(std::move(faults), Strategy::websocket);
}

TEST(ProxyConnection, R06_a_handshake_that_loses_its_upgrade_fails) {
  EXPECT_EQ(upgrading().check("PROXY-06").verdict, Verdict::pass);
  EXPECT_EQ(upgrading({.request = without("Upgrade")}).check("PROXY-06").verdict, Verdict::fail);
}

TEST(ProxyConnection, R06_extensions_that_get_lost_on_either_way_fail) {
  auto const lost = without("Sec-WebSocket-Extensions");
  EXPECT_EQ(upgrading({.request = lost}).check("PROXY-06").verdict, Verdict::fail);
  EXPECT_EQ(upgrading({.answer = lost}).check("PROXY-06").verdict, Verdict::fail);
}

TEST(ProxyConnection, R06_changed_frames_fail) {
  auto const change = [](std::string bytes) {
    if (auto const at = bytes.find("ggg"); at != std::string::npos) bytes[at] = 'h';
    return bytes;
  };
  EXPECT_EQ(upgrading({.answer = change}).check("PROXY-06").verdict, Verdict::fail);
}

TEST(ProxyConnection, R07_an_origin_that_is_told_late_warns_and_never_fails) {
  EXPECT_EQ(through().check("PROXY-07").verdict, Verdict::pass);
  EXPECT_EQ(through({.lazy = true}).check("PROXY-07").verdict, Verdict::warn);
  EXPECT_EQ(through({.deaf = true}).check("PROXY-07").verdict, Verdict::fail);
}

TEST(ProxyConnection, R08_an_origin_that_is_not_told_while_it_sends_fails) {
  EXPECT_EQ(through().check("PROXY-08").verdict, Verdict::pass);
  EXPECT_EQ(through({.lazy = true}).check("PROXY-08").verdict, Verdict::pass);
  EXPECT_EQ(through({.deaf = true}).check("PROXY-08").verdict, Verdict::fail);
}

TEST(ProxyConnection, R08_later_than_said_warns) {
  auto lazy = through({.lazy = true});
  lazy.given.settings.proxy.told_busy_s = 0.01;
  EXPECT_EQ(lazy.check("PROXY-08").verdict, Verdict::warn);
}

TEST(ProxyConnection, R09_tells_how_long_silence_is_borne) {
  auto const patient = through().check("PROXY-09");
  EXPECT_EQ(patient.verdict, Verdict::info);
  EXPECT_NE(patient.seen.find("no limit"), std::string::npos) << patient.seen;
  auto const short_lived = through({.idle_s = 0.3}).check("PROXY-09");
  EXPECT_EQ(short_lived.verdict, Verdict::info);
  EXPECT_NE(short_lived.seen.find("closed"), std::string::npos) << short_lived.seen;
}

TEST(ProxyConnection, R10_a_proxy_that_stores_for_a_stalled_client_warns) {
  EXPECT_EQ(through().check("PROXY-10").verdict, Verdict::pass);
  EXPECT_EQ(through({.swallow = true}).check("PROXY-10").verdict, Verdict::warn);
}

TEST(ProxyConnection, R11_an_orderly_end_of_a_dead_origins_event_warns) {
  EXPECT_EQ(through().check("PROXY-11").verdict, Verdict::pass);
  EXPECT_EQ(through({.tidy = true}).check("PROXY-11").verdict, Verdict::warn);
}

}  // namespace
}  // namespace pushlab::conformance

#include <gtest/gtest.h>

#include <functional>

#include "tests/conformance/wire/wire_error.hpp"
#include "tests/unit/conformance/proxied.hpp"

namespace pushlab::conformance {
namespace {

using namespace testing;

// A process that does what the test says when it is told to end.
struct FakeProcess final : ProcessHold {
  std::function<void()> end = [] {};
  bool ended = false;
  bool restarted = false;

  bool running() override { return !ended; }
  void terminate() override { kill(); }
  void kill() override {
    ended = true;
    end();
  }
  bool ended_within(double, std::string& how) override {
    how = "exit status 0";
    return ended;
  }
  void restart() override {
    ended = false;
    restarted = true;
  }
  std::int64_t rss_bytes() override { return 0; }
  int sockets() override { return 0; }
};

TEST(ProxyLife, R17_tells_how_a_stream_ends_with_the_proxy) {
  auto proxied = through();
  auto const process = std::make_shared<FakeProcess>();
  process->end = [&] { proxied.proxy().stop(); };
  proxied.given.via->process = process;
  auto const finding = proxied.check("PROXY-17");
  EXPECT_EQ(finding.verdict, Verdict::info);
  EXPECT_NE(finding.seen.find("cut after"), std::string::npos) << finding.seen;
  EXPECT_TRUE(process->restarted);
}

TEST(ProxyLife, R17_a_proxy_that_drains_leaves_the_stream_open) {
  auto proxied = through();
  proxied.given.via->process = std::make_shared<FakeProcess>();
  auto const finding = proxied.check("PROXY-17");
  EXPECT_NE(finding.seen.find("still open"), std::string::npos) << finding.seen;
}

TEST(ProxyLife, R17_a_proxy_without_a_stream_is_left_to_01) {
  auto proxied = through({.withhold = true});
  proxied.given.via->process = std::make_shared<FakeProcess>();
  EXPECT_EQ(proxied.check("PROXY-17").verdict, Verdict::skip);
}

TEST(ProxyLife, R18_tells_how_many_streams_are_taken) {
  auto const finding = through({.most = 3}).check("PROXY-18");
  EXPECT_EQ(finding.verdict, Verdict::info);
  EXPECT_NE(finding.seen.find("3 streams at once; then: HTTP/1.1 503"), std::string::npos)
      << finding.seen;
  EXPECT_NE(through().check("PROXY-18").seen.find("no end seen"), std::string::npos);
}

// The verdict of PROXY-19 when the proxy does this while the origin is away.
Finding without_origin(ProxyFaults faults) {
  auto const process = std::make_shared<FakeProcess>();
  auto away = std::make_shared<bool>(false);
  process->end = [away] { *away = true; };
  Proxied proxied([=](Asked const&) { return *away ? faults : ProxyFaults{}; });
  proxied.given.process = process;
  auto finding = proxied.check("PROXY-19");
  EXPECT_TRUE(process->restarted);
  return finding;
}

TEST(ProxyLife, R19_an_error_status_while_the_origin_is_away_warns) {
  EXPECT_EQ(without_origin({.refusal = "502 Bad Gateway"}).verdict, Verdict::warn);
  auto const refuse = [](std::string const&) -> std::string {
    throw WireError(WireError::Kind::connect, "no origin");
  };
  EXPECT_EQ(without_origin({.request = refuse}).verdict, Verdict::pass);
}

}  // namespace
}  // namespace pushlab::conformance

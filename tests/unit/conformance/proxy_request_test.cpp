#include <gtest/gtest.h>

#include "tests/unit/conformance/proxied.hpp"

namespace pushlab::conformance {
namespace {

using namespace testing;

std::function<std::string(std::string)> replacing(std::string const& what, std::string const& by) {
  return [=](std::string bytes) {
    if (auto const at = bytes.find(what); at != std::string::npos)
      bytes.replace(at, what.size(), by);
    return bytes;
  };
}

TEST(ProxyRequest, R12_a_stream_for_two_clients_fails) {
  EXPECT_EQ(through().check("PROXY-12").verdict, Verdict::pass);
  EXPECT_EQ(through({.shared = true}).check("PROXY-12").verdict, Verdict::fail);
  EXPECT_EQ(through({.held = true}).check("PROXY-12").verdict, Verdict::fail);
}

TEST(ProxyRequest, R12_what_the_endpoints_own_cache_control_prevents_warns) {
  // The endpoint says no-store, which is tried first, on the first path.
  Proxied const cache([](Asked const& asked) {
    return ProxyFaults{.shared = asked.target.find("/probe/0") == std::string::npos};
  });
  EXPECT_EQ(cache.check("PROXY-12").verdict, Verdict::warn);
}

TEST(ProxyRequest, R13_a_changed_query_or_a_lost_credential_fails) {
  EXPECT_EQ(through().check("PROXY-13").verdict, Verdict::pass);
  EXPECT_EQ(through({.request = replacing("%2F", "/")}).check("PROXY-13").verdict, Verdict::fail);
  EXPECT_EQ(through({.request = replacing("Authorization", "X-Was")}).check("PROXY-13").verdict,
            Verdict::fail);
  EXPECT_EQ(through({.request = replacing("other=1", "other=2")}).check("PROXY-13").verdict,
            Verdict::fail);
}

TEST(ProxyRequest, R14_chunks_for_a_client_of_http_1_0_fail) {
  EXPECT_EQ(through().check("PROXY-14").verdict, Verdict::pass);
  EXPECT_EQ(through({.request = replacing("HTTP/1.0", "HTTP/1.1")}).check("PROXY-14").verdict,
            Verdict::fail);
}

TEST(ProxyRequest, R14_a_head_request_that_becomes_a_get_fails) {
  EXPECT_EQ(through({.request =
                         [](std::string bytes) {
                           return replacing(
                               "HEAD", "GET")(replacing("HTTP/1.1", "HTTP/1.0")(std::move(bytes)));
                         },
                     .answer = [](std::string bytes) { return bytes + "data: a body\n\n"; }})
                .check("PROXY-14")
                .verdict,
            Verdict::fail);
}

TEST(ProxyRequest, R15_a_get_that_is_sent_again_fails) {
  EXPECT_EQ(through().check("PROXY-15").verdict, Verdict::pass);
  EXPECT_EQ(through({.repeat_s = 0.1}).check("PROXY-15").verdict, Verdict::fail);
}

}  // namespace
}  // namespace pushlab::conformance

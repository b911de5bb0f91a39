#include <gtest/gtest.h>

#include "tests/integration/driver/program.hpp"

namespace pushlab::driver {
namespace {

namespace json = boost::json;

// Runs the rules of PROXY (all but 15, which waits for half a minute) through a proxy, or some.
Finished conform(std::string const& target, std::string const& via, std::string const& cases) {
  return pushlab({"conform", target, "--via", via, "--case", cases, "--json"});
}

std::string const all =
    "PROXY-01,PROXY-02,PROXY-03,PROXY-04,PROXY-05,PROXY-06,PROXY-07,PROXY-08,PROXY-10,PROXY-11,"
    "PROXY-12,PROXY-13,PROXY-14,PROXY-16,PROXY-17,PROXY-18,PROXY-19";

// "fail" and the like of one rule.
std::string verdict(Finished const& finished, std::string const& id) {
  auto const report = json::parse(finished.out);
  for (auto const& one : report.at("cases").as_array()) {
    if (one.at("id") == json::value(id)) return one.at("verdict").as_string().c_str();
  }
  return "no such rule in " + finished.out;
}

bool not_installed(Finished const& finished) {
  return finished.status.code == 2 && finished.err.find("is not installed") != std::string::npos;
}

TEST(Nginx, lets_sse_through_when_tuned) {
  auto const run = conform("sse", "nginx", all);
  if (not_installed(run)) GTEST_SKIP() << run.err;
  ASSERT_EQ(run.status.code, 0) << run.out << run.err;
  for (auto const* id : {"PROXY-01", "PROXY-03", "PROXY-05", "PROXY-07", "PROXY-08", "PROXY-10",
                         "PROXY-11", "PROXY-12", "PROXY-13", "PROXY-14", "PROXY-16"})
    EXPECT_EQ(verdict(run, id), "pass") << id << run.out;
}

TEST(Nginx, as_it_comes_lets_sse_through_thanks_to_our_header_and_hides_a_death) {
  auto const run = conform("sse", "nginx:default", all);
  if (not_installed(run)) GTEST_SKIP() << run.err;
  ASSERT_EQ(run.status.code, 0) << run.out << run.err;
  EXPECT_EQ(verdict(run, "PROXY-03"), "pass") << run.out;
  EXPECT_EQ(verdict(run, "PROXY-11"), "warn") << run.out;
}

TEST(Nginx, lets_websocket_through_when_tuned) {
  auto const run = conform("websocket", "nginx:tuned", all);
  if (not_installed(run)) GTEST_SKIP() << run.err;
  ASSERT_EQ(run.status.code, 0) << run.out << run.err;
  for (auto const* id : {"PROXY-03", "PROXY-05", "PROXY-06", "PROXY-13"})
    EXPECT_EQ(verdict(run, id), "pass") << id << run.out;
}

TEST(Nginx, as_it_comes_breaks_websocket) {
  auto const run = conform("websocket", "nginx:default", all);
  if (not_installed(run)) GTEST_SKIP() << run.err;
  EXPECT_EQ(run.status.code, 1) << run.out << run.err;
  EXPECT_EQ(verdict(run, "PROXY-06"), "fail") << run.out;
  EXPECT_EQ(verdict(run, "PROXY-02"), "fail") << run.out;
}

TEST(Nginx, has_a_row_for_each_flavour_in_the_matrix) {
  TemporaryFolder const folder;
  auto const run =
      pushlab({"conform", "--matrix", "--via", "nginx:tuned", "--out", folder.path().string()});
  ASSERT_EQ(run.status.code, 0) << run.out << run.err;
  if (run.out.find("not installed") != std::string::npos) GTEST_SKIP() << run.out;
  EXPECT_NE(run.out.find("\nnginx tuned "), std::string::npos) << run.out;
  auto const matrix = json::parse(text_of(folder.path() / "proxy-matrix.json"));
  auto const& row = matrix.at("rows").at(1);
  EXPECT_EQ(row.at("flavour").as_string(), "tuned");
  EXPECT_TRUE(row.at("websocket").at("passes").as_bool());
  EXPECT_EQ(row.at("flows").at(0).at("missing"), 0);
  EXPECT_NE(text_of(folder.path() / "proxy-matrix.md").find("| nginx tuned |"), std::string::npos);
  EXPECT_NE(text_of(folder.path() / "proxy-matrix.html").find("nginx tuned"), std::string::npos);
}

TEST(Via, an_unknown_proxy_is_bad_input) {
  auto const run = pushlab({"conform", "sse", "--via", "ngnix"});
  EXPECT_EQ(run.status.code, 2);
  EXPECT_NE(run.err.find("did you mean nginx?"), std::string::npos) << run.err;
  EXPECT_EQ(pushlab({"conform", "sse", "--via", "nginx:fast"}).status.code, 2);
}

class Tuned : public testing::TestWithParam<char const*> {};

TEST_P(Tuned, lets_sse_and_websocket_through) {
  auto const sse = conform("sse", GetParam(), "PROXY-01,PROXY-07,PROXY-12,PROXY-13");
  if (not_installed(sse)) GTEST_SKIP() << sse.err;
  EXPECT_EQ(sse.status.code, 0) << sse.out << sse.err;
  EXPECT_EQ(verdict(sse, "PROXY-12"), "pass") << sse.out;
  EXPECT_EQ(verdict(sse, "PROXY-13"), "pass") << sse.out;
  auto const socket = conform("websocket", GetParam(), "PROXY-06");
  EXPECT_EQ(verdict(socket, "PROXY-06"), "pass") << socket.out << socket.err;
}

INSTANTIATE_TEST_SUITE_P(Proxies, Tuned,
                         testing::Values("haproxy", "apache", "varnish", "caddy", "squid",
                                         "lighttpd", "h2o", "nghttpx", "trafficserver", "hitch"),
                         [](auto const& proxy) { return std::string(proxy.param); });

}  // namespace
}  // namespace pushlab::driver

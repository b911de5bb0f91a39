#include <gtest/gtest.h>

#include "program.hpp"
#include "scripted_server.hpp"

namespace pushlab::driver {
namespace {

namespace json = boost::json;

std::string const faultless =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store, "
    "no-transform\r\n"
    "X-Accel-Buffering: no\r\nConnection: close\r\n\r\ndata: x\n\n";

TEST(Conform, a_target_of_ours_breaks_no_rule_about_its_answer) {
  auto const run = pushlab({"conform", "sse", "--group", "SSE-RESP", "--strict", "--json"});
  EXPECT_EQ(run.status.code, 0) << run.out << run.err;
  auto const report = run.lines().at(0);
  for (auto const& one : report.at("cases").as_array()) {
    auto const verdict = one.at("verdict").as_string();
    EXPECT_TRUE(verdict != "fail" && verdict != "warn") << json::serialize(one);
  }
  EXPECT_GT(report.at("counts").at("pass").to_number<int>(), 15);
}

TEST(Conform, a_target_can_be_asked_over_http2_and_tls) {
  auto const run = pushlab({"conform", "sse", "--tls", "--case", "LIMIT-07", "--json"});
  EXPECT_EQ(run.status.code, 0) << run.out << run.err;
  auto const report = run.lines().at(0);
  EXPECT_EQ(report.at("cases").at(0).at("verdict").as_string(), "pass") << run.out;
}

TEST(Conform, a_broken_rule_fails_the_run_and_is_told_with_its_source) {
  std::string const closed = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
  ScriptedServer server({closed, "", closed});  // what is it?, is it there?, the case
  auto const run = pushlab({"conform", server.url(), "--case", "SSE-RESP-01"});
  EXPECT_EQ(run.status.code, 1) << run.err;
  for (auto const* part : {"SSE-RESP-01", "HTML 9.2.3", "expected", "HTTP/1.1 404 Not Found"})
    EXPECT_NE(run.out.find(part), std::string::npos) << part << " is not in " << run.out;
}

TEST(Conform, what_needs_more_than_a_url_is_skipped) {
  ScriptedServer server({faultless, "", faultless});
  TemporaryFolder const folder;
  auto const junit = (folder.path() / "junit.xml").string();
  auto const run = pushlab({"conform", server.url(), "--case", "SSE-RESP-30", "--junit", junit});
  EXPECT_EQ(run.status.code, 0) << run.err;
  EXPECT_NE(run.out.find("1 skip"), std::string::npos);
  EXPECT_NE(text_of(junit).find("<skipped message=\"needs a hold on the process"),
            std::string::npos);
}

TEST(Conform, lists_the_rules_without_an_endpoint) {
  auto const list = pushlab({"conform", "--list", "--json", "--group", "SSE-RESP"});
  EXPECT_EQ(list.status.code, 0);
  auto const rules = json::parse(list.out).as_array();
  EXPECT_EQ(rules.size(), 34U);
  EXPECT_EQ(rules.at(0).at("id").as_string(), "SSE-RESP-01");
}

TEST(Conform, refuses_what_it_cannot_use_with_one_sentence) {
  for (std::vector<std::string> const& arguments :
       {std::vector<std::string>{"conform"},
        {"conform", "http://127.0.0.1:1/"},
        {"conform", "ftp://host/"},
        {"conform", "no-such-target"},
        {"conform", "sse", "--case", "SSE-RESP-99"},
        {"conform", "sse", "--path", "no-such-proxy"},
        {"conform", "reload"},
        {"conform", "http://127.0.0.1:1/", "--publish", "sse"}}) {
    auto const run = pushlab(arguments);
    EXPECT_EQ(run.status.code, 2) << run.out;
    EXPECT_TRUE(run.err.starts_with("pushlab: ")) << run.err;
    EXPECT_EQ(std::count(run.err.begin(), run.err.end(), '\n'), 1) << run.err;
  }
}

TEST(Conform, listens_for_longer_than_the_silence_that_breaks_a_rule) {
  auto const run = pushlab({"conform", "sse", "--listen", "30"});
  EXPECT_EQ(run.status.code, 2);
  EXPECT_TRUE(run.err.starts_with("--listen: Value 30 not in range 60")) << run.err;
  EXPECT_EQ(pushlab({"conform", "--matrix", "--listen", "60"}).status.code, 2);
}

}  // namespace
}  // namespace pushlab::driver

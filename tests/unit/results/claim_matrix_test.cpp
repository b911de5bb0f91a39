// What claims ask of proxies, out of a matrix as `pushlab conform --matrix` records it.
#include <gtest/gtest.h>

#include "results/claims.hpp"
#include "results/read.hpp"

namespace pushlab::results {
namespace {

namespace json = boost::json;

json::object judged(json::array checks, json::value matrix = nullptr) {
  json::array claims{json::object{{"id", "C01"}, {"checks", std::move(checks)}}};
  json::object decision{{"matrix", std::move(matrix)}, {"claims", std::move(claims)}};
  judge_claims(decision);
  return decision.at("claims").at(0).as_object();
}

json::object row(std::string_view proxy, std::string_view flavour, bool good) {
  json::object flow{{"accept_encoding", false},
                    {"content_encoding", ""},
                    {"delays_ms", {1.5, good ? 2 : 1500}},
                    {"missing", 0},
                    {"most_at_once", 1}};
  json::object coded = flow;
  coded["accept_encoding"] = true;
  coded["content_encoding"] = "gzip";
  return {{"proxy", proxy},
          {"flavour", flavour},
          {"head_ms", 2},
          {"flows", {flow, coded}},
          {"websocket", {{"passes", good}}},
          {"silence", {{"stream", nullptr}}}};
}

json::object matrix() {
  json::object absent{{"proxy", "squid"}, {"flavour", "default"}, {"not_run", "not installed"}};
  return {{"rows",
           {row("direct", "", true), row("nginx", "default", false), row("nginx", "tuned", true),
            row("haproxy", "default", true), row("haproxy", "tuned", true), absent}}};
}

json::object matrix_check(std::string_view condition, std::string_view flavour, double at_least) {
  return {
      {"title", "proxies"}, {"matrix", condition}, {"flavour", flavour}, {"at_least", at_least}};
}

TEST(ClaimsOnProxies,
     proxies_are_counted_by_flavour_without_the_direct_way_and_those_not_installed) {
  for (char const* condition : {"websocket", "stream", "coded"}) {
    auto const half = judged({matrix_check(condition, "default", 1)}, matrix());
    auto const& check = half.at("checks").at(0).as_object();
    EXPECT_EQ(check.at("value"), 0.5) << condition;
    EXPECT_EQ(check.at("outcome"), "refuted");
    EXPECT_NE(text_at(check, "sentence").find("not nginx as it comes"), std::string::npos);
    auto const all = judged({matrix_check(condition, "tuned", 1)}, matrix());
    EXPECT_EQ(all.at("verdict"), "confirmed") << condition;
  }
}

TEST(ClaimsOnProxies, one_proxy_can_be_asked_alone) {
  auto check = matrix_check("websocket", "default", 1);
  check["proxy"] = "nginx";
  auto const one = judged({check}, matrix()).at("checks").at(0).as_object();
  EXPECT_EQ(one.at("outcome"), "refuted");
  EXPECT_EQ(one.at("sentence"), "nginx as it comes lets a WebSocket through: no.");
  check["proxy"] = "squid";
  auto const none = judged({check}, matrix()).at("checks").at(0).as_object();
  EXPECT_EQ(none.at("outcome"), "missing");
  EXPECT_NE(text_at(none, "reason").find("not installed"), std::string::npos);
}

TEST(ClaimsOnProxies, a_matrix_that_is_not_there_or_lacks_a_column_says_so) {
  auto const reason_of = [](json::object const& claim) { return text_at(claim, "reason"); };
  EXPECT_EQ(reason_of(judged({matrix_check("stream", "default", 1)})),
            "the proxies were not measured");
  auto const of_squid = [] {
    auto check = matrix_check("silence", "default", 1);
    check["proxy"] = "squid";
    return check;
  };
  EXPECT_EQ(reason_of(judged({of_squid()}, matrix())),
            reason_of(judged({matrix_check("silence", "default", 1)}, matrix())));
  EXPECT_NE(
      reason_of(judged({matrix_check("silence", "default", 1)}, matrix())).find("--silence 70"),
      std::string::npos);
}

TEST(ClaimsOnProxies, silence_counts_the_streams_that_were_ended_in_about_a_minute) {
  auto slow = matrix();
  auto& rows = slow.at("rows").as_array();
  for (std::size_t i = 1; i < 5; ++i)
    rows[i].as_object()["silence"] = {
        {"stream", {{"ended", true}, {"after_s", i % 2 == 1 ? 60.0 : 300.0}}}};
  EXPECT_EQ(judged({matrix_check("silence", "default", 1)}, slow).at("verdict"), "confirmed");
  EXPECT_EQ(judged({matrix_check("silence", "tuned", 1)}, slow).at("verdict"), "refuted");
  for (std::size_t i = 1; i < 5; ++i)
    rows[i].as_object()["silence"] = {{"stream", {{"ended", false}}},
                                      {"waited_s", i < 3 ? 70 : 20}};
  auto check = matrix_check("silence", "default", 1);
  EXPECT_EQ(judged({check}, slow).at("verdict"), "refuted");
  check["proxy"] = "haproxy";
  EXPECT_EQ(judged({check}, slow).at("verdict"), "not testable here") << "20 s are too short";
}

}  // namespace
}  // namespace pushlab::results

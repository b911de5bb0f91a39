#include "results/claims.hpp"

#include <gtest/gtest.h>

#include <string>

#include "results/quantity.hpp"
#include "results/read.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::results {
namespace {

namespace json = boost::json;

json::object figure(json::value value, json::value lo, json::value hi) {
  return {{"value", std::move(value)}, {"lo", std::move(lo)}, {"hi", std::move(hi)}};
}

json::object repetition() {
  return {{"error", nullptr}, {"generator", {{"valid", true}}}};
}

json::object target(std::string_view id, json::object figures) {
  return {{"id", id},
          {"title", id},
          {"strategy", "sse"},
          {"figures", std::move(figures)},
          {"repetitions", {repetition(), repetition()}}};
}

json::object metric_check(std::string_view rule, json::value limit) {
  return {{"title", "the latency"},
          {"experiment", "load"},
          {"metric", "latency_p50_ms"},
          {"target", "sse"},
          {rule, std::move(limit)}};
}

json::object claim(json::array checks) {
  return {{"id", "C01"}, {"claim", "it is so"}, {"checks", std::move(checks)}};
}

// One experiment with one figure, 5 ms (4 to 6), and one target that lost what its median needs.
json::object decision(json::array claims) {
  json::object lost = target("lossy", {{"latency_p50_ms", figure(nullptr, nullptr, nullptr)}});
  lost["figures"].as_object()["latency_p50_ms"].as_object()["undelivered"] = true;
  json::object invalid = target("busy", {{"latency_p50_ms", figure(5, 4, 6)}});
  invalid["repetitions"] = {{{"error", "it fell over"}}};
  json::array targets{target("sse", {{"latency_p50_ms", figure(5, 4, 6)}}),
                      target("once", {{"latency_p50_ms", figure(5, nullptr, nullptr)}}), lost,
                      invalid};
  json::array skipped{json::object{{"id", "nchan-sse"}, {"reason", "nginx is not installed"}}};
  json::object result{{"schema", "pushlab.result/1"}, {"targets", targets}, {"skipped", skipped}};
  json::array rules;
  for (char const* verdict : {"pass", "fail", "warn", "skip"})
    rules.push_back(json::object{{"id", std::string("RULE-") + verdict},
                                 {"verdict", verdict},
                                 {"requirement", "it is kept"},
                                 {"reason", "6 of 8 streams"}});
  rules.push_back(
      json::object{{"id", "RULE-info"}, {"verdict", "info"}, {"reason", "6 of 8 streams"}});
  return {{"experiments", {{{"name", "load"}, {"result", result}}}},
          {"conformance", {{{"target", "sse"}, {"cases", rules}}}},
          {"matrix", nullptr},
          {"claims", std::move(claims)}};
}

json::object judged(json::array checks) {
  json::object all = decision({claim(std::move(checks))});
  judge_claims(all);
  return all.at("claims").at(0).as_object();
}

std::string outcome(json::object check) {
  return text_at(judged({std::move(check)}).at("checks").at(0).as_object(), "outcome");
}

std::string reason(json::object check) {
  return text_at(judged({std::move(check)}).at("checks").at(0).as_object(), "reason");
}

json::object of(std::string_view name, json::object check) {
  check["target"] = name;
  return check;
}

json::object rule_check(std::string_view id) {
  return {{"title", "a rule"}, {"conform", id}, {"target", "sse"}};
}

TEST(Claims, an_interval_inside_a_rule_confirms_outside_refutes_across_leaves_open) {
  EXPECT_EQ(outcome(metric_check("below", 7)), "confirmed");
  EXPECT_EQ(outcome(metric_check("below", 6)), "undecided");
  EXPECT_EQ(outcome(metric_check("below", 5)), "undecided");
  EXPECT_EQ(outcome(metric_check("below", 4)), "refuted");
  EXPECT_EQ(outcome(metric_check("above", 3)), "confirmed");
  EXPECT_EQ(outcome(metric_check("above", 5)), "undecided");
  EXPECT_EQ(outcome(metric_check("above", 6)), "refuted");
  EXPECT_EQ(outcome(metric_check("within", {4, 6})), "confirmed");
  EXPECT_EQ(outcome(metric_check("within", {5, 9})), "undecided");
  EXPECT_EQ(outcome(metric_check("within", {4.5, 5.5})), "undecided");
  EXPECT_EQ(outcome(metric_check("within", {7, 9})), "refuted");
  EXPECT_EQ(outcome(metric_check("within", {1, 3})), "refuted");
}

TEST(Claims, the_opposite_rule_gives_the_opposite_verdict) {
  auto const opposite = [](std::string const& verdict) {
    return verdict == "confirmed" ? "refuted" : verdict == "refuted" ? "confirmed" : "undecided";
  };
  for (double limit = 3; limit <= 7; limit += 0.25) {
    auto const below = text_at(judged({metric_check("below", limit)}), "verdict");
    auto const not_below = text_at(judged({metric_check("at_least", limit)}), "verdict");
    auto const above = text_at(judged({metric_check("above", limit)}), "verdict");
    auto const not_above = text_at(judged({metric_check("at_most", limit)}), "verdict");
    EXPECT_EQ(not_below, opposite(below)) << limit;
    EXPECT_EQ(not_above, opposite(above)) << limit;
  }
}

TEST(Claims, one_repetition_decides_counts_and_what_a_factor_of_two_does_not_turn) {
  auto once = target("quick", {{"latency_p50_ms", figure(5, 4.9, 5.1)},
                               {"useless_request_share", figure(0, 0, 0)},
                               {"lost", figure(0, 0, 0)}});
  json::object none = of("quick", metric_check("below", 0.1));
  none["metric"] = "useless_request_share";
  once["repetitions"] = json::array{repetition()};
  json::object count = of("quick", metric_check("within", {0, 0}));
  count["metric"] = "lost";
  json::object all = decision(
      {claim({of("quick", metric_check("below", 7)), of("quick", metric_check("below", 10.1)),
              of("quick", metric_check("below", 2.4)), of("quick", metric_check("within", {4, 6})),
              count, none})});
  all["experiments"].at(0).at("result").at("targets").as_array().push_back(once);
  judge_claims(all);
  auto const& checks = all.at("claims").at(0).at("checks").as_array();
  EXPECT_EQ(checks[0].at("outcome"), "undecided");
  EXPECT_EQ(checks[0].at("sentence"),
            "Latency, median, of quick: 5.00 ms (2.50 ms to 10.0 ms), of one repetition, so a "
            "factor of two either way; the claim needs below 7.00 ms: the interval is too wide to "
            "tell.");
  EXPECT_EQ(checks[1].at("outcome"), "confirmed");
  EXPECT_EQ(checks[2].at("outcome"), "refuted");
  EXPECT_EQ(checks[3].at("outcome"), "undecided");
  EXPECT_EQ(checks[4].at("outcome"), "confirmed");
  EXPECT_FALSE(checks[4].as_object().contains("once"));
  EXPECT_EQ(checks[5].at("outcome"), "undecided");
}

TEST(Claims, a_count_is_exact_whatever_its_interval_says) {
  json::object const lost{{"lost", figure(5, 0, 31.9)}};
  auto const verdict_of = [&](json::object figures, std::string_view rule, json::value limit) {
    json::object check = of("counted", metric_check(rule, std::move(limit)));
    check["metric"] = "lost";
    json::object all = decision({claim({check})});
    all["experiments"].at(0).at("result").at("targets").as_array().push_back(
        target("counted", std::move(figures)));
    judge_claims(all);
    return text_at(all.at("claims").at(0).as_object(), "verdict");
  };
  EXPECT_EQ(verdict_of(lost, "within", {0, 0}), "refuted");
  EXPECT_EQ(verdict_of(lost, "above", 0), "confirmed");
  EXPECT_EQ(verdict_of({{"lost", figure(0, nullptr, nullptr)}}, "within", {0, 0}), "confirmed");
}

TEST(Claims, what_is_judged_has_its_figure_its_rule_and_a_sentence) {
  auto const claim = judged({metric_check("below", 7)});
  auto const& check = claim.at("checks").at(0);
  EXPECT_EQ(check.at("value"), 5.0);
  EXPECT_EQ(check.at("lo"), 4.0);
  EXPECT_EQ(check.at("hi"), 6.0);
  EXPECT_EQ(check.at("unit"), "ms");
  EXPECT_EQ(check.at("rule"), "below 7.00 ms");
  EXPECT_EQ(
      check.at("sentence"),
      "Latency, median, of sse: 5.00 ms (4.00 ms to 6.00 ms); the claim needs below 7.00 ms: it "
      "holds.");
  EXPECT_EQ(claim.at("sentence"), check.at("sentence"));
}

TEST(Claims, a_ratio_is_that_of_the_paired_repetitions) {
  sample::Target const slow{.id = "slow",
                            .title = "Slow",
                            .strategy = "sse",
                            .latency_ms = [](sample::Random&, double share) { return 20 + share; }};
  sample::Target const quick{.id = "quick",
                             .title = "Quick",
                             .strategy = "sse",
                             .latency_ms = [](sample::Random&, double share) { return 2 + share; }};
  json::object check = of("slow", metric_check("above", 5));
  check["against"] = "quick";
  json::object all = decision({claim({check})});
  all["experiments"].as_array()[0].as_object()["result"] =
      sample::result({.clients = 20, .events = 30}, {slow, quick});
  judge_claims(all);
  auto const& judged_check = all.at("claims").at(0).at("checks").at(0).as_object();
  EXPECT_EQ(judged_check.at("outcome"), "confirmed") << judged_check;
  EXPECT_NEAR(*number_at(judged_check, "value"), 8, 0.5);
  EXPECT_EQ(judged_check.at("unit"), "");
  EXPECT_NE(text_at(judged_check, "sentence").find("Slow as a ratio to Quick"), std::string::npos);
}

// "within" for a ratio whose 95 % interval sticks out of it and whose 90 % one does not.
TEST(Claims, likeness_is_judged_by_two_one_sided_tests) {
  sample::Target const one{
      .id = "sse", .title = "One", .strategy = "sse", .latency_ms = [](sample::Random& r, double) {
        return 10 + 3 * r.uniform();
      }};
  sample::Target const other{
      .id = "other",
      .title = "Other",
      .strategy = "sse",
      .latency_ms = [](sample::Random& r, double) { return 13 - 3 * r.uniform(); }};
  auto const result = sample::result({.clients = 5, .events = 30}, {one, other});
  auto const ratio = ratio_of(result, "sse", "other", "latency_p50_ms");
  ASSERT_TRUE(ratio.lo && ratio.hi && ratio.narrow);
  ASSERT_LT(*ratio.lo, ratio.narrow->lo);
  auto const verdict_of = [&](double lo, double hi) {
    json::object check = metric_check("within", {lo, hi});
    check["against"] = "other";
    json::object all = decision({claim({check})});
    all["experiments"].at(0).as_object()["result"] = result;
    judge_claims(all);
    return text_at(all.at("claims").at(0).as_object(), "verdict");
  };
  double const lo = (*ratio.lo + ratio.narrow->lo) / 2;
  double const hi = (*ratio.hi + ratio.narrow->hi) / 2;
  EXPECT_EQ(verdict_of(lo, hi), "confirmed");
  EXPECT_EQ(verdict_of(*ratio.value, hi), "undecided")
      << *ratio.lo << " " << *ratio.value << " " << *ratio.hi << " " << ratio.narrow->lo << " "
      << ratio.narrow->hi;
  EXPECT_EQ(verdict_of(2, 3), "refuted");
}

json::object with_closed_form(double lo, double hi) {
  json::object poller =
      target("poller", {{"useless_request_share", figure((lo + hi) / 2, lo, hi)}});
  poller["strategy"] = "short-poll";
  poller["options"] = {{"poll_interval_s", 0.1}};
  json::object check{{"title", "polls"},
                     {"experiment", "load"},
                     {"metric", "useless_request_share"},
                     {"target", "poller"},
                     {"equals", "useless_share"}};
  json::object all = decision({claim({check})});
  auto& result = all["experiments"].as_array()[0].as_object()["result"].as_object();
  result["scenario"] = {{"arrivals", "poisson"}, {"rate", 1}};
  result["targets"].as_array().push_back(poller);
  judge_claims(all);
  return all.at("claims").at(0).as_object();
}

TEST(Claims, a_closed_form_must_lie_in_the_interval) {
  EXPECT_EQ(with_closed_form(0.9, 0.91).at("verdict"), "confirmed");  // e^-0.1 = 0.9048
  EXPECT_EQ(with_closed_form(0.91, 0.92).at("verdict"), "refuted");
  EXPECT_EQ(with_closed_form(0.89, 0.9).at("verdict"), "refuted");
  EXPECT_EQ(with_closed_form(0.5, 1).at("verdict"), "undecided");  // it would hold anything
}

TEST(Claims, without_an_interval_nothing_is_decided) {
  EXPECT_EQ(outcome(of("once", metric_check("below", 7))), "undecided");
  EXPECT_NE(reason(of("once", metric_check("below", 7))), "");
}

TEST(Claims, undelivered_is_infinitely_slow) {
  EXPECT_EQ(outcome(of("lossy", metric_check("below", 7))), "refuted");
  EXPECT_EQ(outcome(of("lossy", metric_check("above", 7))), "confirmed");
}

TEST(Claims, what_was_not_measured_says_why) {
  auto const has = [](json::object check, char const* part) {
    return outcome(check) == "missing" && reason(check).find(part) != std::string::npos;
  };
  EXPECT_TRUE(has(of("busy", metric_check("below", 7)), "not measured validly"));
  EXPECT_TRUE(has(of("nchan-sse", metric_check("below", 7)), "nginx is not installed"));
  EXPECT_TRUE(has(of("nobody", metric_check("below", 7)), "nobody"));
  auto elsewhere = metric_check("below", 7);
  elsewhere["experiment"] = "other";
  EXPECT_TRUE(has(elsewhere, "the experiment other was not run"));
  auto oracle = metric_check("equals", "no_such_form");
  EXPECT_TRUE(has(oracle, "no_such_form"));
}

TEST(Claims, a_rule_of_the_checker_confirms_by_passing_or_by_failing_as_asked) {
  EXPECT_EQ(outcome(rule_check("RULE-pass")), "confirmed");
  EXPECT_EQ(outcome(rule_check("RULE-fail")), "refuted");
  EXPECT_EQ(outcome(rule_check("RULE-warn")), "undecided");
  EXPECT_EQ(outcome(rule_check("RULE-info")), "undecided");
  EXPECT_EQ(outcome(rule_check("RULE-skip")), "missing");
  EXPECT_EQ(outcome(rule_check("RULE-none")), "missing");
  EXPECT_EQ(outcome(of("websocket", rule_check("RULE-pass"))), "missing");
  for (auto const& [id, wanted] : {std::pair{"RULE-pass", "refuted"}, {"RULE-fail", "confirmed"}}) {
    auto check = rule_check(id);
    check["confirmed_by"] = "fail";
    EXPECT_EQ(outcome(check), wanted);
  }
}

TEST(Claims, a_target_that_is_checked_twice_is_asked_where_the_rule_was_checked) {
  json::object all = decision({claim({rule_check("RULE-tls")}), claim({rule_check("RULE-none")})});
  all["conformance"].as_array().push_back(json::object{
      {"target", "sse"}, {"tls", true}, {"cases", {{{"id", "RULE-tls"}, {"verdict", "pass"}}}}});
  judge_claims(all);
  EXPECT_EQ(all.at("claims").at(0).at("verdict"), "confirmed");
  all["conformance"].at(0).as_object()["error"] = "it did not end";
  all["conformance"].at(0).as_object()["cases"] = json::array();
  judge_claims(all);
  EXPECT_EQ(all.at("claims").at(0).at("verdict"), "confirmed");
  EXPECT_EQ(all.at("claims").at(1).at("reason"), "it did not end");
}

TEST(Claims, a_rule_that_only_informs_is_judged_by_its_words) {
  auto check = rule_check("RULE-info");
  check["says"] = "6 of 8";
  EXPECT_EQ(outcome(check), "confirmed");
  check["says"] = "8 of 8";
  EXPECT_EQ(outcome(check), "refuted");
  check["conform"] = "RULE-fail";
  check["says"] = "6 of 8";
  EXPECT_EQ(outcome(check), "refuted");
}

TEST(Claims, agreeing_checks_make_the_verdict_and_differing_ones_say_on_what_it_depends) {
  auto const holds = rule_check("RULE-pass");
  auto fails = rule_check("RULE-fail");
  fails["title"] = "another rule";
  EXPECT_EQ(judged({holds, holds}).at("verdict"), "confirmed");
  EXPECT_EQ(judged({fails, fails}).at("verdict"), "refuted");
  auto const both = judged({holds, fails});
  EXPECT_EQ(both.at("verdict"), "depends");
  EXPECT_EQ(both.at("depends_on"), "it holds for a rule; not for another rule");
  EXPECT_FALSE(judged({holds}).contains("depends_on"));
}

TEST(Claims, what_is_at_its_limit_depends_on_where_that_is_drawn) {
  auto const edge = json::array{metric_check("below", 5.9), metric_check("below", 7)};
  json::object all = decision({claim(edge)});
  auto& figures = all["experiments"].at(0).at("result").at("targets").at(0).at("figures");
  figures.as_object()["latency_p50_ms"] = figure(6, 5.5, 6.4);
  judge_claims(all);
  auto const& found = all.at("claims").at(0).as_object();
  EXPECT_EQ(found.at("checks").at(0).at("outcome"), "at the limit");
  EXPECT_EQ(found.at("verdict"), "depends");
  EXPECT_EQ(
      found.at("depends_on"),
      "it holds for the latency; at its limit, so that it depends on where that is drawn: the "
      "latency");
  all["claims"].at(0).at("checks").as_array().push_back(of("once", metric_check("below", 7)));
  judge_claims(all);
  EXPECT_EQ(found.at("verdict"), "undecided");
  EXPECT_NE(text_at(found, "sentence").find("holds for: the latency. At the limit: the latency. U"),
            std::string::npos)
      << found;
}

TEST(Claims, an_open_check_leaves_a_claim_open_unless_the_others_differ) {
  auto const holds = rule_check("RULE-pass");
  auto const fails = rule_check("RULE-fail");
  auto const open = metric_check("below", 5);
  auto const missing = rule_check("RULE-skip");
  auto optional = missing;
  optional["optional"] = true;
  EXPECT_EQ(judged({holds, open}).at("verdict"), "undecided");
  EXPECT_EQ(judged({open}).at("verdict"), "undecided");
  EXPECT_EQ(judged({holds, missing}).at("verdict"), "undecided");
  EXPECT_EQ(judged({fails, missing}).at("verdict"), "undecided");
  EXPECT_EQ(judged({holds, optional}).at("verdict"), "confirmed");
  EXPECT_EQ(judged({holds, fails, open, missing}).at("verdict"), "depends");
}

TEST(Claims, nothing_measured_is_not_testable_with_the_reason) {
  auto const unmeasured = judged({rule_check("RULE-skip")});
  EXPECT_EQ(unmeasured.at("verdict"), "not testable here");
  EXPECT_NE(text_at(unmeasured, "reason").find("6 of 8 streams"), std::string::npos);
  json::object all = decision({json::object{{"id", "C02"}, {"not_testable", "no browser here"}}});
  judge_claims(all);
  EXPECT_EQ(all.at("claims").at(0).at("verdict"), "not testable here");
  EXPECT_EQ(all.at("claims").at(0).at("reason"), "no browser here");
}

TEST(Claims, judging_again_changes_nothing) {
  json::object once = decision({claim({metric_check("below", 7), rule_check("RULE-fail")}),
                                claim({metric_check("below", 5)})});
  judge_claims(once);
  json::object twice = once;
  judge_claims(twice);
  EXPECT_EQ(once, twice);
}

TEST(Claims, a_check_with_two_rules_or_none_is_an_error) {
  auto both = metric_check("below", 7);
  both["above"] = 3;
  EXPECT_THROW(judged({both}), ResultError);
  auto none = metric_check("below", 7);
  none.erase("below");
  EXPECT_THROW(judged({none}), ResultError);
}

}  // namespace
}  // namespace pushlab::results

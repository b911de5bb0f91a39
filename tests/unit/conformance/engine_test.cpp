#include <gtest/gtest.h>

#include <barrier>
#include <boost/json.hpp>
#include <set>

#include "tests/conformance/catalogue.hpp"
#include "tests/conformance/engine/capture.hpp"
#include "tests/conformance/engine/reporters.hpp"
#include "tests/conformance/testing/checked.hpp"

namespace pushlab::conformance {
namespace {

using namespace testing;

Case one(std::string id, Case::Check check, Level level = Level::url) {
  return {{std::move(id), "a rule <&>", "a source", level, Severity::major}, std::move(check)};
}

Endpoint::Given nowhere() {
  Endpoint::Given given;
  given.url = "http://127.0.0.1:1/{events}";
  return given;
}

Verdict verdict_of(Case const& what, Endpoint::Given given = nowhere()) {
  Endpoint endpoint(std::move(given));
  return run_case(what, endpoint).finding.verdict;
}

TEST(Catalogue, every_rule_has_an_id_of_its_own_and_a_check_or_a_reason) {
  std::set<std::string> ids;
  for (auto const& rule_case : all_cases()) {
    EXPECT_TRUE(ids.insert(rule_case.rule.id).second) << rule_case.rule.id;
    EXPECT_NE(static_cast<bool>(rule_case.check), !rule_case.why_not.empty()) << rule_case.rule.id;
    EXPECT_FALSE(rule_case.rule.requirement.empty() || rule_case.rule.source.empty());
    EXPECT_FALSE(rule_case.rule.strategies.empty());
  }
}

TEST(Catalogue, selects_by_group_and_by_id_and_refuses_what_is_not_there) {
  std::vector<Case> const cases{one("A-1", {}), one("A-2", {}), one("B-1", {})};
  EXPECT_EQ(select_cases(cases, {}, {}).size(), 3U);
  EXPECT_EQ(select_cases(cases, {"A"}, {"B-1"}).size(), 3U);
  EXPECT_EQ(select_cases(cases, {}, {"A-2"}).size(), 1U);
  EXPECT_THROW(select_cases(cases, {"C"}, {}), std::invalid_argument);
  EXPECT_THROW(select_cases(cases, {}, {"A"}), std::invalid_argument);
}

TEST(Runner, what_cannot_run_is_skipped_and_never_passes) {
  auto const passes = [](Endpoint&) { return pass(); };
  EXPECT_EQ(verdict_of(one("A-1", passes)), Verdict::pass);
  EXPECT_EQ(verdict_of(one("A-1", passes, Level::publish)), Verdict::skip);
  EXPECT_EQ(verdict_of(one("A-1", passes, Level::process)), Verdict::skip);
  EXPECT_EQ(verdict_of(not_testable({"A-1", "r", "s"}, "why")), Verdict::skip);
  auto slow = one("A-1", passes);
  slow.needs.slow = true;
  EXPECT_EQ(verdict_of(slow), Verdict::skip);
  auto other = one("A-1", passes);
  other.rule.strategies = {Strategy::websocket};
  EXPECT_EQ(verdict_of(other), Verdict::skip);
}

TEST(Runner, what_a_check_throws_becomes_its_verdict) {
  EXPECT_EQ(verdict_of(one("A-1", [](Endpoint&) -> Finding { throw Skip("no"); })), Verdict::skip);
  EXPECT_EQ(verdict_of(one("A-1",
                           [](Endpoint& endpoint) -> Finding {
                             Exchange(endpoint.url(), Request(), endpoint.answer_deadline());
                             return pass();
                           })),
            Verdict::fail);
  ScriptedServer const server([](Peer& peer) { peer.hold(); });
  auto hanging = one("A-1", [](Endpoint& endpoint) -> Finding {
    Exchange(endpoint.url(), Request(), Deadline::in(60));
    return pass();
  });
  hanging.needs.limit_s = 0.05;
  EXPECT_EQ(verdict_of(hanging, given(server)), Verdict::fail);
}

TEST(Runner, a_stop_ends_running_cases_and_skips_the_rest) {
  static std::atomic<bool> stop = false;
  Deadline::stop_when([] { return stop.load(); });
  ScriptedServer const server([](Peer&) { stop = true; });
  auto const waiting = [](Endpoint& endpoint) -> Finding {
    Connection const connection(endpoint.url(), endpoint.answer_deadline());
    while (!Deadline::in(60).over()) {
    }
    return pass();
  };
  Endpoint endpoint(given(server));
  auto const results = run_cases({one("A-1", waiting), one("A-2", waiting)}, endpoint, {1, {}});
  Deadline::stop_when(nullptr);
  for (auto const& result : results) EXPECT_EQ(result.finding.verdict, Verdict::skip);
}

TEST(Runner, cases_run_side_by_side_and_the_lonely_ones_last_and_alone) {
  std::barrier meet(2);
  std::atomic<int> running = 0;
  auto const together = [&](Endpoint&) {
    ++running;
    meet.arrive_and_wait();  // hangs unless both run at once
    --running;
    return pass();
  };
  auto lonely = one("A-0", [&](Endpoint&) { return running == 0 ? pass() : fail("", ""); });
  lonely.needs.alone = true;
  std::vector<Case> const cases{lonely, one("A-1", together), one("A-2", together)};
  Endpoint endpoint(nowhere());
  std::size_t seen = 0;
  auto const results =
      run_cases(cases, endpoint, {2, [&](std::size_t done, std::size_t) { seen = done; }});
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[0].rule.id, "A-0");
  for (auto const& result : results) EXPECT_EQ(result.finding.verdict, Verdict::pass);
  EXPECT_EQ(seen, 3U);
}

TEST(Runner, only_severe_failures_fail_a_run_that_is_not_strict) {
  auto const result = [](Verdict verdict, Severity severity) {
    return Result{{"A-1", "r", "s", Level::url, severity}, {verdict, "", ""}, 0};
  };
  EXPECT_TRUE(failed({result(Verdict::fail, Severity::major)}, false));
  EXPECT_FALSE(failed({result(Verdict::fail, Severity::minor)}, false));
  EXPECT_TRUE(failed({result(Verdict::fail, Severity::minor)}, true));
  EXPECT_FALSE(failed({result(Verdict::warn, Severity::critical)}, false));
  EXPECT_TRUE(failed({result(Verdict::warn, Severity::minor)}, true));
  EXPECT_FALSE(failed({result(Verdict::skip, Severity::critical)}, true));
}

TEST(Reporters, say_the_same_in_three_forms) {
  std::vector<Result> const results{
      {one("A-1", {}).rule, fail("x", "<y>"), 0.5},
      {one("A-2", {}).rule, warn("x", "z"), 0},
      {one("A-3", {}).rule, skip("why"), 0},
      {one("A-4", {}).rule, pass(), 0},
  };
  Tested const tested{"http://host/", Strategy::sse};
  auto const json = boost::json::parse(json_report(tested, results)).as_object();
  EXPECT_EQ(json.at("cases").as_array().size(), 4U);
  EXPECT_EQ(json.at("cases").at(0).at("reason").as_string(), "expected x; saw <y>");
  EXPECT_EQ(json.at("counts").at("skip").as_int64(), 1);
  auto const junit = junit_report(tested, results);
  EXPECT_NE(junit.find("tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"1\""), std::string::npos);
  EXPECT_NE(junit.find("saw &lt;y&gt;"), std::string::npos);
  auto const text = terminal_report(tested, results);
  EXPECT_NE(text.find("4 rules: 1 pass, 1 fail, 1 warn, 0 info, 1 skip"), std::string::npos);
  EXPECT_NE(text.find("A-1"), std::string::npos);
  EXPECT_EQ(text.find("A-3"), std::string::npos);
}

TEST(Endpoint, what_many_look_at_is_made_once) {
  Endpoint endpoint(nowhere());
  std::atomic<int> made = 0;
  auto const make = [&] { return ++made; };
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] { EXPECT_EQ(*endpoint.once<int>("key", make), 1); });
  threads.clear();
  EXPECT_EQ(made, 1);
  EXPECT_THROW(endpoint.once<int>("bad", []() -> int { throw Skip("no"); }), Skip);
  EXPECT_THROW(endpoint.once<int>("bad", make), Skip);
}

TEST(Endpoint, published_events_reach_the_channel_they_were_published_on) {
  ScriptedHub hub;
  ScriptedServer const server(each_request([&hub](Peer& peer, Asked const& asked) {
    peer.begin_stream();
    std::size_t next = 0;
    while (auto const post = hub.await(next, peer)) {
      if (asked.target.ends_with("=" + post->name)) peer.send_chunk("data: " + post->body + "\n\n");
    }
  }));
  Endpoint endpoint(given(server, hub));
  auto const channel = endpoint.channel();
  auto const other = endpoint.channel();
  auto stream = open_stream(endpoint, channel.url);
  auto const mine = endpoint.marker();
  auto const foreign = endpoint.marker();
  endpoint.publish(other, foreign);
  endpoint.publish(channel, mine);
  EXPECT_TRUE(stream.await(mine, Deadline::in(2)));
  EXPECT_FALSE(stream.sse().find(foreign));
  EXPECT_EQ(busy_capture(endpoint)->markers.size(), busy_capture(endpoint)->sse.events().size());
}

TEST(HttpPublisher, fills_the_call_in_and_returns_the_answer) {
  std::string got;
  ScriptedServer const server(each_request([&got](Peer& peer, Asked const& asked) {
    got = asked.target + " " + asked.value("X-Name");
    peer.send_head("409 Conflict", {"Content-Length: 2"});
    peer.send("no");
  }));
  HttpPublisher publisher(
      {"PUT", server.url("/pub/{name}"), {{"X-Name", "{name}"}}, "<{notification}>"});
  auto const answer = publisher.post("a b", "body", Deadline::in(2));
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.body, "no");
  EXPECT_EQ(got, "/pub/a%20b a b");
}

}  // namespace
}  // namespace pushlab::conformance

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <poll.h>

#include "tests/conformance/testing/checked.hpp"
#include "tests/conformance/wire/socket.hpp"

namespace pushlab::conformance {
namespace {

using namespace testing;

// How a scripted polling server differs from a faultless one.
struct PollScript {
  bool holds = true;  // long polls
  std::string caching = "no-store";
  double most_wait_s = 0.4;
  double heeds_wait = 1;        // factor on what is asked for
  bool forgets_gap = false;     // only what comes while it is asked
  bool consumes = false;        // an event is answered once
  bool silent = false;          // an unknown cursor counts as the newest
  std::size_t keeps = 1 << 20;  // events; whoever missed more gets a reset
  bool notices_aborts = true;
  bool etag = true;             // of short polls
  std::string fixed_etag = {};  // whatever the content
  std::size_t most_events = 3;  // of one answer
  bool flags_more = true;
  bool skips_rest = false;     // behind a full answer goes on with the newest
  int refuses_from = 1 << 20;  // the polls of this number and later ones are not answered
  std::function<std::string(std::string const& body)> idle = {};  // instead of 200 with no events
};

std::string parameter(std::string const& target, std::string const& name) {
  for (auto const& part : split_list(target.substr(target.find('?') + 1), '&'))
    if (part.starts_with(name + "=")) return part.substr(name.size() + 1);
  return {};
}

class PollServer {
 public:
  PollServer(ScriptedHub& hub, PollScript script) : hub_(hub), script_(std::move(script)) {}

  void answer(Peer& peer, Asked const& asked) {
    if (++polls_ >= script_.refuses_from) return peer.hold();
    auto const name = parameter(asked.target, "events");
    auto const since = parameter(asked.target, "since");
    std::size_t next = 0;
    auto const newest = count(peer);
    bool const known = since.starts_with("e-") && since.size() < 8 &&
                       since.find_first_not_of("0123456789", 2) == std::string::npos &&
                       std::stoul(since.substr(2)) <= newest;
    bool const lost = known && newest - std::stoul(since.substr(2)) > script_.keeps;
    bool const reset = lost || (!since.empty() && !known && !script_.silent);
    next = known && !lost && !script_.forgets_gap ? std::stoul(since.substr(2)) : newest;
    auto events = take(peer, name, next, 0.005);
    auto const wait = parameter(asked.target, "wait");
    double wait_s = wait.empty() ? script_.most_wait_s : std::stod(wait) * script_.heeds_wait;
    wait_s = std::min(wait_s, script_.most_wait_s);
    if (script_.holds && events.empty() && !reset && !since.empty())
      hold(peer, name, next, wait_s, events);
    respond(peer, asked, next, reset, events);
  }

 private:
  std::size_t count(Peer& peer) {
    std::size_t next = 0;
    while (hub_.await(next, peer, 0.002)) continue;
    return next;
  }

  std::vector<std::string> take(Peer& peer, std::string const& name, std::size_t& next,
                                double within_s) {
    std::vector<std::string> events;
    while (events.size() < script_.most_events) {
      auto const post = hub_.await(next, peer, within_s);
      if (!post) break;
      std::lock_guard const lock(mutex_);
      bool const gone = script_.consumes && !consumed_.insert(next).second;
      if (post->name == name && !gone) events.push_back(post->body);
    }
    return events;
  }

  void hold(Peer& peer, std::string const& name, std::size_t& next, double wait_s,
            std::vector<std::string>& events) {
    auto const deadline = Deadline::in(wait_s);
    while (events.empty() && !deadline.over()) {
      if (!peer.wait(0) && script_.notices_aborts) return;
      if (script_.notices_aborts)
        events = take(peer, name, next, 0.01);
      else
        wait_ready(-1, 0, deadline);
    }
  }

  void respond(Peer& peer, Asked const& asked, std::size_t next, bool reset,
               std::vector<std::string> const& events) {
    bool const full = events.size() == script_.most_events;
    if (full && script_.skips_rest) next = count(peer);
    auto const cursor = fmt::format("e-{}", next);
    auto const body =
        fmt::format(R"({{"next":"{}"{}{},"events":[{}]}})", cursor, reset ? R"(,"reset":true)" : "",
                    full && script_.flags_more ? R"(,"more":true)" : "", fmt::join(events, ","));
    auto const tag = script_.fixed_etag.empty() ? '"' + cursor + '"' : script_.fixed_etag;
    std::vector<std::string> lines{"Cache-Control: " + script_.caching};
    if (!script_.holds && script_.etag) lines.push_back("ETag: " + tag);
    if (!script_.holds && events.empty() && asked.value("If-None-Match") == tag)
      return peer.send_head("304 Not Modified", lines);
    if (events.empty() && !reset && script_.idle && asked.target.find("since") != std::string::npos)
      return peer.send(script_.idle(body));
    lines.push_back("Content-Type: application/json");
    lines.push_back(fmt::format("Content-Length: {}", body.size()));
    peer.send_head("200 OK", lines);
    peer.send(body);
  }

  ScriptedHub& hub_;
  PollScript script_;
  std::atomic<int> polls_ = 0;
  std::mutex mutex_;
  std::set<std::size_t> consumed_;
};

Finding found(std::string const& id, PollScript script = {}) {
  ScriptedHub hub;
  auto const strategy = script.holds ? Strategy::long_poll : Strategy::short_poll;
  PollServer polls(hub, std::move(script));
  ScriptedServer const server(
      each_request([&](Peer& peer, Asked const& asked) { polls.answer(peer, asked); }));
  auto endpoint = given(server, hub);
  endpoint.strategy = strategy;
  return checked(id, endpoint);
}

Verdict verdict(std::string const& id, PollScript script = {}) {
  return found(id, std::move(script)).verdict;
}

TEST(Polling, a_faultless_server_passes) {
  for (auto const* id :
       {"POLL-01", "POLL-02", "POLL-03", "POLL-04", "POLL-05", "POLL-06", "POLL-07", "POLL-08"}) {
    auto const finding = found(id);
    EXPECT_EQ(finding.verdict, Verdict::pass) << id << ": " << finding.reason();
  }
  for (auto const* id : {"POLL-01", "POLL-02", "POLL-03", "POLL-05", "POLL-07", "POLL-08"}) {
    auto const finding = found(id, {.holds = false});
    EXPECT_EQ(finding.verdict, Verdict::pass) << id << ": " << finding.reason();
  }
  EXPECT_EQ(verdict("POLL-04", {.holds = false}), Verdict::skip);
  EXPECT_EQ(verdict("POLL-06", {.holds = false}), Verdict::skip);
}

TEST(Polling, P01_nothing_is_lost_between_polls) {
  EXPECT_EQ(verdict("POLL-01", {.forgets_gap = true}), Verdict::fail);
  EXPECT_EQ(verdict("POLL-01", {.holds = false, .forgets_gap = true}), Verdict::fail);
}

TEST(Polling, P02_no_news_has_one_form_with_the_cursor) {
  auto const no_content = [](std::string const&) -> std::string {
    return "HTTP/1.1 204 No Content\r\n\r\n";
  };
  EXPECT_EQ(verdict("POLL-02", {.most_wait_s = 0.1, .idle = no_content}), Verdict::warn);
  auto const with_tag = [](std::string const&) -> std::string {
    return "HTTP/1.1 204 No Content\r\nETag: \"e-0\"\r\n\r\n";
  };
  EXPECT_EQ(verdict("POLL-02", {.most_wait_s = 0.1, .idle = with_tag}), Verdict::pass);
  auto const no_cursor = [](std::string const&) -> std::string {
    return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]";
  };
  EXPECT_EQ(verdict("POLL-02", {.most_wait_s = 0.1, .idle = no_cursor}), Verdict::fail);
  auto const timeout = [](std::string const&) -> std::string {
    return "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n";
  };
  EXPECT_EQ(verdict("POLL-02", {.most_wait_s = 0.1, .idle = timeout}), Verdict::fail);
  auto const by_turns = [turn = 0](std::string const& body) mutable -> std::string {
    if (turn++ % 2 == 0) return "HTTP/1.1 204 No Content\r\nETag: \"e-0\"\r\n\r\n";
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.size(), body);
  };
  EXPECT_EQ(verdict("POLL-02", {.most_wait_s = 0.1, .idle = by_turns}), Verdict::fail);
  EXPECT_EQ(verdict("POLL-02", {.most_wait_s = 20}), Verdict::skip);
}

TEST(Polling, P03_answers_are_not_stored) {
  EXPECT_EQ(verdict("POLL-03", {.caching = "max-age=60"}), Verdict::fail);
  EXPECT_EQ(verdict("POLL-03", {.caching = "private"}), Verdict::fail);
  EXPECT_EQ(verdict("POLL-03", {.caching = "no-cache"}), Verdict::warn);
  EXPECT_EQ(verdict("POLL-03", {.holds = false, .caching = "no-cache"}), Verdict::pass);
}

TEST(Polling, P03_an_etag_says_whether_something_happened) {
  EXPECT_EQ(verdict("POLL-03", {.holds = false, .fixed_etag = "\"always\""}), Verdict::fail);
  EXPECT_EQ(verdict("POLL-03", {.holds = false, .fixed_etag = "unquoted"}), Verdict::fail);
  EXPECT_EQ(verdict("POLL-03", {.holds = false, .etag = false}), Verdict::pass);
}

TEST(Polling, P04_a_poll_waits_as_asked_and_for_nobody_else) {
  EXPECT_EQ(verdict("POLL-04", {.heeds_wait = 0}), Verdict::fail);
  EXPECT_EQ(verdict("POLL-04", {.most_wait_s = 20}), Verdict::fail);
  EXPECT_EQ(verdict("POLL-04", {.most_wait_s = 0.9, .notices_aborts = false}), Verdict::fail);
}

TEST(Polling, P05_the_same_cursor_gives_the_same_again) {
  EXPECT_EQ(verdict("POLL-05", {.consumes = true}), Verdict::fail);
}

TEST(Polling, P06_one_event_wakes_all) {
  EXPECT_EQ(verdict("POLL-06", {.refuses_from = 5}), Verdict::fail);
}

TEST(Polling, P07_a_late_client_is_served_in_batches) {
  EXPECT_EQ(verdict("POLL-07", {.flags_more = false}), Verdict::warn);
  EXPECT_EQ(verdict("POLL-07", {.most_events = 1000}), Verdict::info);
  EXPECT_EQ(verdict("POLL-07", {.skips_rest = true}), Verdict::fail);
  EXPECT_EQ(verdict("POLL-07", {.keeps = 2}), Verdict::info);
}

TEST(Polling, P08_an_unknown_cursor_is_a_reset) {
  EXPECT_EQ(verdict("POLL-08", {.silent = true}), Verdict::fail);
  EXPECT_EQ(verdict("POLL-08", {.holds = false, .silent = true}), Verdict::fail);
}

}  // namespace
}  // namespace pushlab::conformance

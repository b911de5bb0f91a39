#include <gtest/gtest.h>

#include "tests/conformance/testing/checked.hpp"
#include "tests/conformance/testing/scripted_resume.hpp"

namespace pushlab::conformance {
namespace {

using namespace testing;
using namespace std::string_literals;

// What a rule says of an endpoint that resumes by this script.
Finding finding(std::string const& id, Resume const& script) {
  ScriptedHub hub;
  ScriptedServer const server(resumes(hub, script));
  return checked(id, given(server, hub));
}

Verdict verdict(std::string const& id, Resume const& script = {}) {
  return finding(id, script).verdict;
}

Resume with(void (*change)(Resume&)) {
  Resume script;
  change(script);
  return script;
}

TEST(Reconnect, R01_events_without_ids_warn) {
  EXPECT_EQ(checked("RECON-01", streams("id: 1\ndata: a\n\n")).verdict, Verdict::pass);
  EXPECT_EQ(checked("RECON-01", streams("data: a\n\n")).verdict, Verdict::warn);
  EXPECT_EQ(checked("RECON-01", streams(": quiet\n\n")).verdict, Verdict::skip);
}

TEST(Reconnect, R02_a_resume_that_loses_or_repeats_an_event_fails) {
  EXPECT_EQ(verdict("RECON-02"), Verdict::pass);
  EXPECT_EQ(verdict("RECON-02", with([](Resume& script) { script.off = 1; })), Verdict::fail);
  EXPECT_EQ(verdict("RECON-02", with([](Resume& script) { script.off = -1; })), Verdict::fail);
  EXPECT_EQ(verdict("RECON-02", with([](Resume& script) { script.history = 0; })), Verdict::warn);
}

TEST(Reconnect, R03_a_seam_that_loses_or_repeats_an_event_fails) {
  EXPECT_EQ(verdict("RECON-03"), Verdict::pass);
  EXPECT_EQ(verdict("RECON-03", with([](Resume& script) { script.off = 1; })), Verdict::fail);
  EXPECT_EQ(verdict("RECON-03", with([](Resume& script) { script.off = -1; })), Verdict::fail);
}

TEST(Reconnect, R02_judges_an_endpoint_with_events_of_its_own_without_a_publisher) {
  // Counts on its own, on all connections, and knows the past.
  auto const begin = Clock::now();
  auto const ticking = [begin](std::size_t lost) {
    return each_request([begin, lost](Peer& peer, Asked const& asked) {
      auto const now = [begin] {
        return static_cast<std::size_t>(seconds_between(begin, Clock::now()) * 1000);
      };
      auto next =
          asked.has("Last-Event-ID") ? std::stoul(asked.value("Last-Event-ID")) + 1 + lost : now();
      peer.begin_stream();
      do {
        for (; next <= now(); ++next) peer.send_chunk(sse_event(next, "tick"));
      } while (peer.wait(0.002));
    });
  };
  EXPECT_EQ(checked("RECON-02", ticking(0)).verdict, Verdict::pass);
  EXPECT_EQ(checked("RECON-02", ticking(1)).verdict, Verdict::fail);
}

TEST(Reconnect, R04_an_event_that_is_replayed_otherwise_fails) {
  EXPECT_EQ(verdict("RECON-04"), Verdict::pass);
  EXPECT_EQ(verdict("RECON-04", with([](Resume& script) {
                      script.event = [](auto const& id, auto const& payload, bool replayed) {
                        auto const text = sse_event(id, payload);
                        return replayed ? text.substr(0, text.find("event:")) +
                                              text.substr(text.find("data:"))
                                        : text;
                      };
                    })),
            Verdict::fail);
  EXPECT_EQ(verdict("RECON-04", with([](Resume& script) { script.replays = false; })),
            Verdict::fail);
}

TEST(Reconnect, R05_lost_history_that_nobody_tells_of_fails) {
  EXPECT_EQ(verdict("RECON-05", with([](Resume& script) { script.history = 10; })), Verdict::pass);
  EXPECT_EQ(verdict("RECON-05", with([](Resume& script) {
                      script.history = 10;
                      script.reset.clear();
                    })),
            Verdict::fail);
  EXPECT_EQ(verdict("RECON-05"), Verdict::skip);
}

TEST(Reconnect, R06_an_unknown_cursor_that_is_taken_in_silence_fails) {
  EXPECT_EQ(verdict("RECON-06"), Verdict::pass);
  auto const bad = finding("RECON-06", with([](Resume& script) { script.reset.clear(); }));
  EXPECT_EQ(bad.verdict, Verdict::fail);
  EXPECT_NE(bad.expected.find("of another epoch"), std::string::npos);
}

// Takes known cursors, and answers the others by this status.
ScriptedServer::Talk refuses(std::string status, std::size_t longest) {
  return each_request([status = std::move(status), longest](Peer& peer, Asked const& asked) {
    auto const cursor = asked.value("Last-Event-ID");
    if (cursor.size() > longest) return peer.send_head(status, {"Content-Length: 0"});
    peer.begin_stream();
    bool const known = cursor.empty() || cursor == "1";
    peer.send_chunk(sse_event("1", known ? "hello" : "{\"reset\":true}"));
    peer.hold();
  });
}

TEST(Reconnect, R06_a_refused_cursor_fails_by_5xx_and_warns_by_4xx_unless_it_is_too_long) {
  EXPECT_EQ(checked("RECON-06", refuses("431 Too Large", 1000)).verdict, Verdict::pass);
  EXPECT_EQ(checked("RECON-06", refuses("412 Precondition Failed", 1)).verdict, Verdict::warn);
  EXPECT_EQ(checked("RECON-06", refuses("500 Oops", 1000)).verdict, Verdict::fail);
}

TEST(Reconnect, R07_a_query_that_beats_the_header_fails_and_none_warns) {
  EXPECT_EQ(verdict("RECON-07"), Verdict::pass);
  EXPECT_EQ(verdict("RECON-07", with([](Resume& script) { script.query_wins = true; })),
            Verdict::fail);
  EXPECT_EQ(verdict("RECON-07", with([](Resume& script) { script.parameter.clear(); })),
            Verdict::warn);
}

TEST(Reconnect, R08_a_replay_of_other_names_fails) {
  EXPECT_EQ(verdict("RECON-08"), Verdict::pass);
  EXPECT_EQ(verdict("RECON-08", with([](Resume& script) { script.mixes_up = true; })),
            Verdict::fail);
}

TEST(Reconnect, R09_a_cursor_for_the_whole_past_is_told_of) {
  EXPECT_EQ(verdict("RECON-09"), Verdict::info);
  EXPECT_EQ(verdict("RECON-09", with([](Resume& script) { script.epoch = "0"; })), Verdict::pass);
}

TEST(Reconnect, R11_a_retry_that_is_the_same_for_all_or_missing_warns) {
  std::atomic<int> connections = 0;
  auto const with_retry = [&](bool varied) {
    return each_request([&connections, varied](Peer& peer, Asked const&) {
      peer.begin_stream();
      auto const number = ++connections;
      peer.send_chunk("retry: 100" + std::to_string(varied ? number : 1) + "\n\n");
      peer.hold();
    });
  };
  EXPECT_EQ(checked("RECON-11", with_retry(true)).verdict, Verdict::pass);
  EXPECT_EQ(checked("RECON-11", with_retry(false)).verdict, Verdict::warn);
  EXPECT_EQ(checked("RECON-11", streams("data: a\n\n")).verdict, Verdict::warn);
}

TEST(Reconnect, R16_a_long_life_that_ends_torn_warns_and_one_that_ends_well_is_told) {
  auto const lives = [](std::string last, bool well) {
    return each_request([last, well](Peer& peer, Asked const&) {
      peer.begin_stream();
      peer.send_chunk("data: a\n\n");
      if (!peer.wait(0.1)) return;
      if (!last.empty()) peer.send_chunk(last);
      well ? peer.send_last_chunk() : peer.end();
    });
  };
  EXPECT_EQ(checked("RECON-16", streams("data: a\n\n")).verdict, Verdict::pass);
  EXPECT_EQ(checked("RECON-16", lives("", true)).verdict, Verdict::info);
  EXPECT_EQ(checked("RECON-16", lives("data: b\n", true)).verdict, Verdict::warn);
  EXPECT_EQ(checked("RECON-16", lives("", false)).verdict, Verdict::warn);
}

// What RECON-17 says of a server that drops a client after so long.
Verdict dropping_after(double seconds, bool slow) {
  ScriptedServer const server([seconds](Peer& peer) {
    peer.read_request();
    peer.begin_stream();
    peer.wait(seconds);
  });
  auto to = given(server);
  to.settings.slow = slow;
  return checked("RECON-17", to).verdict;
}

TEST(Reconnect, R17_a_vanished_client_that_is_dropped_passes_and_one_that_is_kept_warns) {
  EXPECT_EQ(dropping_after(0.1, false), Verdict::pass);
  EXPECT_EQ(dropping_after(60, false), Verdict::warn);
}

TEST(Reconnect, R17_a_vanished_client_that_is_kept_although_it_was_waited_for_fails) {
  EXPECT_EQ(dropping_after(60, true), Verdict::fail);
}

TEST(Reconnect, R22_an_id_that_leaves_before_its_event_is_whole_fails) {
  auto const id_first = [](bool early) {
    return [early](auto const& id, auto const& payload, bool) {
      return early ? "id: " + id + "\n\ndata: " + payload + "\n\n" : sse_event(id, payload);
    };
  };
  Resume script;
  EXPECT_EQ(verdict("RECON-22", script), Verdict::pass);
  script.event = id_first(true);
  EXPECT_EQ(verdict("RECON-22", script), Verdict::fail);
}

TEST(Reconnect, R23_an_endpoint_that_ends_the_first_of_two_with_one_cursor_is_told_of) {
  EXPECT_EQ(verdict("RECON-23"), Verdict::pass);
  ScriptedHub hub;
  std::atomic<int> resumed = 0;
  ScriptedServer const server([&](Peer& peer) {
    auto const asked = peer.read_request();
    if (!asked) return;
    auto next = hub.count();
    auto const mine = asked->has("Last-Event-ID") ? ++resumed : 0;
    peer.begin_stream();
    if (mine == 1) {
      while (resumed < 2 && peer.wait(0.01)) continue;
      return peer.send_last_chunk();
    }
    while (auto const post = hub.await(next, peer))
      peer.send_chunk(sse_event(next, payload_of(*post)));
  });
  EXPECT_EQ(checked("RECON-23", given(server, hub)).verdict, Verdict::info);
}

TEST(Reconnect, R25_a_cursor_that_stays_on_a_quiet_stream_is_told_of) {
  EXPECT_EQ(verdict("RECON-25"), Verdict::info);
  ScriptedHub hub;
  ScriptedServer const server(each_request([&hub](Peer& peer, Asked const& asked) {
    auto next = hub.count();
    peer.begin_stream();
    while (auto const post = hub.await(next, peer))
      peer.send_chunk(asks_for(asked, post->name) ? sse_event(next, payload_of(*post))
                                                  : "id: " + std::to_string(next) + "\n\n");
  }));
  EXPECT_EQ(checked("RECON-25", given(server, hub)).verdict, Verdict::pass);
}

TEST(Reconnect, R26_a_stream_without_state_or_cursor_warns) {
  EXPECT_EQ(checked("RECON-26", streams("event: snapshot\ndata: {}\n\n")).verdict, Verdict::pass);
  EXPECT_EQ(checked("RECON-26", streams("id: 7\ndata: {}\n\n")).verdict, Verdict::info);
  EXPECT_EQ(checked("RECON-26", streams("data: {}\n\n")).verdict, Verdict::warn);
}

TEST(Reconnect, R27_a_stream_that_begins_without_an_id_is_told_of) {
  EXPECT_EQ(checked("RECON-27", streams("id: 7\ndata\n\n")).verdict, Verdict::pass);
  EXPECT_EQ(checked("RECON-27", streams(": welcome\n\n")).verdict, Verdict::info);
  EXPECT_EQ(checked("RECON-27", streams("data: a\n\nid: 7\ndata: b\n\n")).verdict, Verdict::info);
}

}  // namespace
}  // namespace pushlab::conformance

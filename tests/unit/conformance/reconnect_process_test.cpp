#include <gtest/gtest.h>

#include <atomic>

#include "tests/conformance/testing/checked.hpp"
#include "tests/conformance/testing/scripted_process.hpp"
#include "tests/conformance/testing/scripted_resume.hpp"

namespace pushlab::conformance {
namespace {

using namespace testing;
using namespace std::string_literals;

// An endpoint whose process closes its hub when it is told to end.
struct Held {
  ScriptedHub hub;
  Resume script;
  double delivery_s = 1;
  std::shared_ptr<ScriptedProcess> process = std::make_shared<ScriptedProcess>();

  Held() {
    process->on_terminate = process->on_kill = [this] { hub.close(); };
    process->on_restart = [this] { hub.open(); };
  }
  Finding check(std::string const& id) { return check(id, resumes(hub, script)); }
  Finding check(std::string const& id, ScriptedServer::Talk talk) {
    ScriptedServer const server(std::move(talk));
    auto to = given(server, hub);
    to.process = process;
    to.settings.delivery_s = delivery_s;
    return checked(id, to);
  }
};

TEST(Reconnect, R10_an_id_that_means_nothing_after_a_restart_and_is_not_refused_fails) {
  EXPECT_EQ(Held().check("RECON-10").verdict, Verdict::pass);  // it still knows the event
  auto const new_epoch = [](std::string reset) {
    Held held;
    held.script.reset = std::move(reset);
    held.process->on_restart = [&held] {
      held.script.epoch = "b";
      held.hub.open();
    };
    return held.check("RECON-10").verdict;
  };
  EXPECT_EQ(new_epoch("reset"), Verdict::pass);
  EXPECT_EQ(new_epoch(""), Verdict::fail);
}

TEST(Reconnect, R12_clients_that_are_refused_after_a_restart_fail) {
  EXPECT_EQ(Held().check("RECON-12").verdict, Verdict::pass);
  Held held;
  std::atomic<bool> again = false;
  held.process->on_restart = [&] {
    again = true;
    held.hub.open();
  };
  std::atomic<int> served = 0;
  auto const finding = held.check("RECON-12", [&](Peer& peer) {
    auto const asked = peer.read_request();
    if (again && ++served > 5)
      peer.send_head("503 Service Unavailable", {"Content-Length: 0"});
    else
      peer.begin_stream();
    peer.hold();
  });
  EXPECT_EQ(finding.verdict, Verdict::fail);
}

// Sends what is posted until SIGTERM, then what `goodbye` says.
ScriptedServer::Talk drains(ScriptedHub& hub, std::function<void(Peer&)> goodbye) {
  return [&hub, goodbye = std::move(goodbye)](Peer& peer) {
    if (!peer.read_request() || hub.closed()) return;
    auto next = hub.count();
    peer.begin_stream();
    while (auto const post = hub.await(next, peer))
      peer.send_chunk(sse_event(next, payload_of(*post)));
    goodbye(peer);
  };
}

TEST(Reconnect, R14_a_drain_that_tears_a_stream_fails) {
  auto const ends = [](std::function<void(Peer&)> goodbye) {
    Held held;
    return held.check("RECON-14", drains(held.hub, std::move(goodbye)));
  };
  EXPECT_EQ(ends([](Peer& peer) { peer.send_last_chunk(); }).verdict, Verdict::pass);
  EXPECT_EQ(ends([](Peer& peer) { peer.end(); }).verdict, Verdict::warn);
  EXPECT_EQ(ends([](Peer& peer) { peer.reset(); }).seen, "a stream was reset");
  EXPECT_EQ(ends([](Peer& peer) { peer.hold(); }).seen, "a stream stayed open");
  EXPECT_EQ(ends([](Peer& peer) {
              peer.send_chunk("data: half\n");
              peer.send_last_chunk();
            }).seen,
            "a stream ended inside an event");
}

TEST(Reconnect, R14_a_drain_that_loses_events_or_answers_5xx_fails) {
  auto const drops = [](std::size_t every) {
    Held held;
    return held.check("RECON-14", [&held, every](Peer& peer) {
      if (!peer.read_request() || held.hub.closed()) return;
      auto next = held.hub.count();
      peer.begin_stream();
      while (auto const post = held.hub.await(next, peer)) {
        if (next % every != 0) peer.send_chunk(sse_event(next, payload_of(*post)));
      }
      peer.send_last_chunk();
    });
  };
  EXPECT_EQ(drops(1'000'000).verdict, Verdict::pass);
  EXPECT_EQ(drops(11).seen, "an event that was accepted before SIGTERM never came");

  Held held;
  auto const finding = held.check("RECON-14", [&held](Peer& peer) {
    auto const asked = peer.read_request();
    if (asked && held.hub.closed())
      return peer.send_head("503 Service Unavailable", {"Content-Length: 0"});
    auto next = held.hub.count();
    peer.begin_stream();
    while (auto const post = held.hub.await(next, peer))
      peer.send_chunk(sse_event(next, payload_of(*post)));
    peer.send_last_chunk();
  });
  EXPECT_EQ(finding.verdict, Verdict::fail);
  EXPECT_TRUE(finding.seen.starts_with("HTTP/1.1 503")) << finding.seen;
}

TEST(Reconnect, R14_events_that_are_taken_during_the_drain_and_not_sent_fail) {
  Held held;
  std::atomic<bool> draining = false;
  held.process->on_terminate = [&] { draining = true; };
  auto const finding = held.check("RECON-14", [&](Peer& peer) {
    if (!peer.read_request() || draining) return;
    auto next = held.hub.count();
    peer.begin_stream();
    while (!draining) {
      auto const post = held.hub.await(next, peer);
      if (!post) return;
      peer.send_chunk(sse_event(next, payload_of(*post)));
    }
    peer.wait(0.2);  // in which more is taken
    peer.send_last_chunk();
  });
  EXPECT_EQ(finding.verdict, Verdict::fail);
}

TEST(Reconnect, R14_a_process_that_ends_badly_or_not_at_all_warns) {
  Held killed;
  killed.process->how_it_ends = "killed by signal 9";
  EXPECT_EQ(killed.check("RECON-14").verdict, Verdict::warn);
  Held staying;
  staying.process->ends = false;
  EXPECT_EQ(staying.check("RECON-14").verdict, Verdict::warn);
}

// What RECON-14 says of long polls that end like this when the process is told to.
Verdict polls_end(std::function<void(Peer&)> goodbye) {
  Held held;
  ScriptedServer const server(each_request([&](Peer& peer, Asked const& asked) {
    auto next = held.hub.count();
    bool const first = asked.target.find("since") == std::string::npos;
    if (!first) held.hub.await(next, peer);
    if (!first && goodbye) return goodbye(peer);
    constexpr std::string_view body = R"({"next":"e-1","events":[]})";
    peer.send_head("200 OK", {"Content-Type: application/json",
                              "Content-Length: " + std::to_string(body.size())});
    peer.send(body);
  }));
  auto to = given(server, held.hub);
  to.process = held.process;
  to.strategy = Strategy::long_poll;
  return checked("RECON-14", to).verdict;
}

TEST(Reconnect, R14_a_held_poll_that_a_drain_cuts_or_refuses_fails) {
  EXPECT_EQ(polls_end({}), Verdict::pass);
  EXPECT_EQ(polls_end([](Peer& peer) { peer.reset(); }), Verdict::fail);
  EXPECT_EQ(polls_end([](Peer& peer) { peer.hold(); }), Verdict::fail);
  EXPECT_EQ(polls_end([](Peer& peer) {
              peer.send_head("503 Service Unavailable", {"Content-Length: 0"});
            }),
            Verdict::fail);
}

TEST(Reconnect, R18_a_stalled_reader_that_holds_up_the_others_fails) {
  EXPECT_EQ(Held().check("RECON-18").verdict, Verdict::pass);
  // Everybody waits for whoever does not read.
  Held held;
  std::atomic<bool> big = false;
  auto const slowed = held.check("RECON-18", [&](Peer& peer) {
    auto const asked = peer.read_request();
    if (!asked) return;
    auto next = held.hub.count();
    peer.begin_stream();
    while (auto const post = held.hub.await(next, peer)) {
      big = big || post->body.size() > 1000;
      if (!asks_for(*asked, post->name)) continue;
      if (big && !peer.wait(0.1)) return;
      peer.send_chunk(sse_event(next, payload_of(*post)));
    }
  });
  EXPECT_EQ(slowed.verdict, Verdict::fail);
}

TEST(Reconnect, R19_memory_that_grows_with_what_is_published_fails) {
  Held bounded;
  EXPECT_EQ(bounded.check("RECON-19").verdict, Verdict::pass);
  Held growing;
  std::int64_t rss = 0;
  growing.process->rss = [&rss] { return rss += 400 << 10; };
  EXPECT_EQ(growing.check("RECON-19").verdict, Verdict::fail);
}

// Keeps the first events only, and leaves the reader in the belief that there were no others.
ScriptedServer::Talk drops_silently(ScriptedHub& hub, bool signals) {
  return [&hub, signals](Peer& peer) {
    auto const asked = peer.read_request();
    if (!asked) return;
    auto next = hub.count();
    auto const most = next + 5;
    peer.begin_stream();
    while (auto const post = hub.await(next, peer)) {
      if (next <= most) peer.send_chunk(sse_event(next, payload_of(*post)));
      if (next == most + 1 && signals) peer.send_chunk("event: conflated\ndata: {}\n\n");
    }
  };
}

// What a rule says of an endpoint that keeps dropping.
Verdict dropping(std::string const& id, bool signals) {
  Held held;
  held.delivery_s = 0.5;
  return held.check(id, drops_silently(held.hub, signals)).verdict;
}

TEST(Reconnect, R19_events_that_are_dropped_in_silence_fail) {
  EXPECT_EQ(dropping("RECON-19", false), Verdict::fail);
  EXPECT_EQ(dropping("RECON-19", true), Verdict::pass);
}

TEST(Reconnect, R20_events_that_a_resume_does_not_bring_and_nobody_tells_of_fail) {
  EXPECT_EQ(dropping("RECON-20", false), Verdict::fail);
  EXPECT_EQ(dropping("RECON-20", true), Verdict::pass);
  EXPECT_EQ(Held().check("RECON-20").verdict, Verdict::pass);
}

TEST(Reconnect, R21_sockets_that_stay_fail_and_memory_that_stays_warns) {
  Held held;
  EXPECT_EQ(held.check("RECON-21").verdict, Verdict::pass);
  Held keeping;
  std::unique_ptr<ScriptedServer> server;
  keeping.process->open_sockets = [&] { return server->connections(); };
  server = std::make_unique<ScriptedServer>(resumes(keeping.hub, keeping.script));
  auto to = given(*server, keeping.hub);
  to.process = keeping.process;
  EXPECT_EQ(checked("RECON-21", to).verdict, Verdict::fail);
  Held growing;
  std::int64_t rss = 0;
  growing.process->rss = [&rss] { return rss += 1 << 20; };
  EXPECT_EQ(growing.check("RECON-21").verdict, Verdict::warn);
}

}  // namespace
}  // namespace pushlab::conformance

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/conformance/testing/checked.hpp"
#include "tests/conformance/testing/scripted_process.hpp"
#include "tests/conformance/testing/scripted_websocket.hpp"

namespace pushlab::conformance {
namespace {

using namespace testing;

// A post of this number in the history, and what goes out for it on the connection of this number.
struct Push {
  Peer& peer;
  std::string const& body;
  std::size_t number;
  int line;
};
using Outgoing = std::function<std::string(Push const& push)>;

std::string message(std::string const& body, std::size_t number) {
  return text_frame(fmt::format(R"({{"event":"db","id":"{}","data":{}}})", number, body));
}

std::string right(Push const& push) {
  return message(push.body, push.number);
}

void answer_pings(Peer& peer) {
  auto const bytes = peer.receive(0);
  WebSocketReader reader(WebSocketReader::From::client);
  reader.feed(bytes, Clock::now());
  for (auto const& frame : reader.log().frames)
    if (frame.opcode == Opcode::ping)
      peer.send(WebSocketFrame{.opcode = Opcode::pong, .payload = frame.payload, .masked = false}
                    .bytes());
}

// Of the connection whose thread this is. Given before the handshake is answered: who connects next
// gets the next one, however late this thread goes on.
thread_local int own_line = 0;

// A server that pushes what its hub got, from the number on that the target names as lastEventId.
ScriptedServer::Talk pushing(ScriptedHub& hub, std::atomic<int>& lines, Outgoing outgoing,
                             bool resumes) {
  auto const answer = [&lines](Asked const& asked) {
    own_line = lines++;
    return handshake_answer(asked);
  };
  return websocket(
      {.answer = answer, .talk = [&, outgoing, resumes](Peer& peer, Asked const& asked) {
         auto const at = asked.target.find("lastEventId=");
         std::size_t next = 0;
         if (resumes && at != std::string::npos) next = std::stoul(asked.target.substr(at + 12));
         while (peer.wait(0)) {
           auto const post = hub.await(next, peer, 0.02);
           if (post && asked.target.find("=" + post->name) != std::string::npos)
             peer.send(outgoing({peer, post->body, next, own_line}));
           answer_pings(peer);
         }
       }});
}

Finding found(std::string const& id, Outgoing outgoing, bool resumes = true,
              std::function<std::int64_t()> rss = {}) {
  ScriptedHub hub;
  std::atomic<int> lines = 0;
  ScriptedServer const server(pushing(hub, lines, std::move(outgoing), resumes));
  ScriptedProcess process;
  if (rss) process.rss = std::move(rss);
  auto endpoint = given(server, hub);
  endpoint.strategy = Strategy::websocket;
  endpoint.process = {std::shared_ptr<void>(), &process};
  return checked(id, endpoint);
}

TEST(WebSocketPush, W14_events_arrive_whole_once_in_order_and_alone) {
  EXPECT_EQ(found("WS-14", right).verdict, Verdict::pass);
  auto const twice = [](Push const& push) {
    return push.number == 3 ? right(push) + right(push) : right(push);
  };
  auto const lost = [](Push const& push) { return push.number == 3 ? "" : right(push); };
  auto const torn = [](Push const& push) {
    auto const size = push.number == 3 ? push.body.size() / 2 : push.body.size();
    return message(push.body.substr(0, size), push.number);
  };
  auto const binary = [](Push const& push) {
    return WebSocketFrame{.opcode = Opcode::binary, .payload = push.body, .masked = false}.bytes();
  };
  auto const no_utf8 = [](Push const& push) {
    return message(push.number == 3 ? push.body + "\xC3" : push.body, push.number);
  };
  auto const together = [held = std::string()](Push const& push) mutable {
    if (held.empty()) return held = push.body, std::string();
    return text_frame(std::exchange(held, "") + push.body);
  };
  auto const backwards = [held = std::string()](Push const& push) mutable {
    held = text_frame(push.body) + held;
    return push.number < 8 ? "" : held;
  };
  int number = 0;
  for (auto const& wrong :
       std::initializer_list<Outgoing>{twice, lost, torn, binary, no_utf8, together, backwards})
    EXPECT_EQ(found("WS-14", wrong).verdict, Verdict::fail) << number++;
}

// Connections 1 and 2 are those that stall; 0 and 3 keep up.
bool stalls(Push const& push) {
  return push.line == 1 || push.line == 2;
}

TEST(WebSocketPush, W16_a_reader_that_stalls_is_told_what_it_missed) {
  auto const fine = found("WS-16", right);
  EXPECT_EQ(fine.verdict, Verdict::pass) << fine.reason();
  auto const gap = [](Push const& push) {
    return stalls(push) && push.number == 15 ? "" : right(push);
  };
  EXPECT_EQ(found("WS-16", gap).verdict, Verdict::fail);
  auto const told = [](Push const& push) {
    return stalls(push) && push.number == 15 ? text_frame(R"({"event":"conflated"})") : right(push);
  };
  auto const well = found("WS-16", told);
  EXPECT_EQ(well.verdict, Verdict::pass) << well.reason();
  auto const falls_silent = [](Push const& push) {
    return stalls(push) && push.number > 18 ? "" : right(push);
  };
  EXPECT_EQ(found("WS-16", falls_silent).verdict, Verdict::fail);
}

TEST(WebSocketPush, W16_a_reader_that_stalls_neither_delays_nor_costs) {
  auto const late = [](Push const& push) {
    if (push.line == 3 && push.number == 20) push.peer.wait(0.8);
    return right(push);
  };
  EXPECT_EQ(found("WS-16", late).verdict, Verdict::fail);
  auto const growing = [calls = 0]() mutable { return ++calls < 4 ? 0 : std::int64_t{1} << 30; };
  EXPECT_EQ(found("WS-16", right, true, growing).verdict, Verdict::fail);
}

TEST(WebSocketPush, W20_a_resume_gives_what_was_missed) {
  EXPECT_EQ(found("WS-20", right).verdict, Verdict::pass);
  EXPECT_EQ(found("WS-20", right, false).verdict, Verdict::fail);
  auto const anonymous = [](Push const& push) { return text_frame(push.body); };
  EXPECT_EQ(found("WS-20", anonymous).verdict, Verdict::skip);
}

}  // namespace
}  // namespace pushlab::conformance

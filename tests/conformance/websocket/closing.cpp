#include <fmt/format.h>

#include <array>

#include "tests/conformance/websocket/sections.hpp"
#include "tests/conformance/websocket/trials.hpp"
#include "tests/conformance/wire/vanish.hpp"

namespace pushlab::conformance {
namespace {

// A close frame of the client, and what the server's must say.
struct Closing {
  std::string what;
  std::string payload;
  unsigned code;           // what the answer is
  bool registered = true;  // since RFC 6455, not later
};

std::vector<Closing> good_closings() {
  std::vector<Closing> all;
  for (unsigned const code : {1000U, 1001U, 1002U, 1003U, 1007U, 1008U, 1009U, 1010U, 1011U, 1012U,
                              1013U, 1014U, 3000U, 3999U, 4000U, 4999U})
    all.push_back(
        {fmt::format("code {}", code), close_payload(code), code, code < 1012 || code > 1014});
  all.push_back({"no code", "", 1005});
  all.push_back({"a reason of 123 bytes", close_payload(1000, std::string(123, 'x')), 1000});
  return all;
}

std::vector<Closing> bad_closings() {
  std::vector<Closing> all;
  for (unsigned const code : {0U, 999U, 1004U, 1005U, 1006U, 1015U, 1016U, 1100U, 2000U, 2999U})
    all.push_back({fmt::format("code {}", code), close_payload(code), 1002});
  all.push_back({"a payload of one byte", "x", 1002});
  all.push_back({"a reason that is no UTF-8", close_payload(1000, "\xCE\xBA\xED\xA0\x80"), 1007});
  return all;
}

void judge_good(Closing const& closing, WebSocketPeer const& peer, Verdicts& verdicts) {
  auto const seen = fmt::format("{}: {}", closing.what, peer.ending());
  auto const code = peer.close_code();
  bool const generic = code == 1000U || code == 1005U;
  if (!code || peer.ended_by() == Arrival::Kind::nothing) return verdicts.bad(seen);
  if (code == closing.code || (closing.code == 1005 && generic)) return verdicts.good();
  // "typically echoes the status code it received"
  if (generic || !closing.registered) return verdicts.soft(seen);
  verdicts.bad(seen);
}

void judge_bad(Closing const& closing, WebSocketPeer const& peer, Verdicts& verdicts) {
  auto const seen = fmt::format("{}: {}", closing.what, peer.ending());
  auto const code = peer.close_code();
  if (peer.ended_by() == Arrival::Kind::nothing) return verdicts.bad(seen);
  if (code == closing.code) return verdicts.good();
  bool const accepted = code == 1000U || code == 1005U || code == close_code_in(closing.payload);
  if (code && accepted) return verdicts.bad(seen);
  verdicts.soft(seen);
}

void run(Endpoint& endpoint, std::vector<Closing> const& closings,
         void (*judge_one)(Closing const&, WebSocketPeer const&, Verdicts&), Verdicts& verdicts) {
  std::vector<WebSocketPeer> peers;
  for (auto const& closing : closings) {
    peers.push_back(open_websocket(endpoint));
    peers.back().send({.opcode = Opcode::close, .payload = closing.payload},
                      endpoint.answer_deadline());
  }
  auto const deadline = Deadline::in(endpoint.settings().websocket.refusal_s);
  for (std::size_t i = 0; i < peers.size(); ++i) {
    peers[i].read(deadline, [](WebSocketLog const&) { return false; });
    judge_one(closings[i], peers[i], verdicts);
  }
}

// A ping behind the client's close frame must not be answered.
void run_behind_close(Endpoint& endpoint, Verdicts& verdicts) {
  auto peer = open_websocket(endpoint);
  peer.send(WebSocketFrame{.opcode = Opcode::close, .payload = close_payload(1000)}.bytes() +
                WebSocketFrame{.opcode = Opcode::ping, .payload = "too late"}.bytes(),
            endpoint.answer_deadline());
  peer.listen(endpoint.settings().websocket.refusal_s);
  if (auto const* breach = peer.log().breach(WebSocketBreach::Kind::after_close))
    return verdicts.bad(fmt::format("a {} frame behind the server's close frame",
                                    opcode_name(peer.log().frames[breach->frame].opcode)));
  verdicts.good();
}

Finding closes_in_order(Endpoint& endpoint) {
  Verdicts verdicts;
  run(endpoint, good_closings(), judge_good, verdicts);
  run(endpoint, bad_closings(), judge_bad, verdicts);
  run_behind_close(endpoint, verdicts);
  return verdicts.finding(
      fmt::format(
          "the same code back, 1002 or 1007 for a wrong one, and the end of TCP within {} s",
          endpoint.settings().websocket.refusal_s),
      "closings");
}

Finding says_why_it_drains(Endpoint& endpoint) {
  std::vector<WebSocketPeer> peers;
  for (int i = 0; i < 3; ++i) peers.push_back(open_websocket(endpoint));
  auto const& settings = endpoint.settings().websocket;
  endpoint.process().terminate();
  auto const deadline = Deadline::in(settings.drain_s);
  Verdicts verdicts;
  for (auto& peer : peers) {
    peer.read(deadline, [](WebSocketLog const& log) { return log.close() != nullptr; });
    auto const code = peer.close_code();
    if (!code)
      verdicts.bad(peer.ending());
    else if (*code == 1001 || *code == 1012)
      verdicts.good();
    else
      verdicts.soft(peer.ending());
    if (code && peer.ended_by() == Arrival::Kind::nothing)
      peer.send({.opcode = Opcode::close, .payload = peer.log().close()->payload},
                endpoint.answer_deadline());
  }
  std::string how;
  endpoint.process().ended_within(settings.drain_s, how);
  return verdicts.finding("close frames with 1001 or 1012 after SIGTERM", "close frames; " + how);
}

// Whether the server still knows the connection of a peer that comes back: its kernel answers with
// a reset where there is no socket any more.
bool forgotten(WebSocketPeer& peer, std::optional<Vanished>& cut, Endpoint& endpoint) {
  cut.reset();
  try {
    peer.send({.opcode = Opcode::ping}, endpoint.answer_deadline());
  } catch (WireError const&) {
    return true;
  }
  peer.read(endpoint.answer_deadline(), [](WebSocketLog const&) { return false; });
  return peer.ended_by() != Arrival::Kind::nothing;
}

Finding drops_dead_peers(Endpoint& endpoint) {
  auto const& settings = endpoint.settings().websocket;
  auto const begin = Clock::now();
  std::array peers{open_websocket(endpoint), open_websocket(endpoint)};
  std::array<std::optional<Vanished>, 2> cuts;
  for (std::size_t i = 0; i < cuts.size(); ++i) cuts[i].emplace(peers[i].connection().descriptor());
  peers[0].listen(settings.deaf_s);
  if (forgotten(peers[0], cuts[0], endpoint))
    return pass(fmt::format("forgotten within {:.0f} s", settings.deaf_s));
  auto const expected =
      fmt::format("a peer that acknowledges nothing is forgotten within {:.0f} s", settings.deaf_s);
  if (!endpoint.settings().slow)
    return warn(expected, "it is not; --slow tells whether it ever is");
  peers[1].listen(settings.deaf_most_s - seconds_between(begin, Clock::now()));
  auto const most = fmt::format("within {:.0f} s", settings.deaf_most_s);
  if (forgotten(peers[1], cuts[1], endpoint)) return warn(expected, "forgotten " + most);
  return fail(expected, "not " + most + " either");
}

}  // namespace

std::vector<Case> websocket_closing_cases() {
  using enum Level;
  using enum Severity;
  return {
      {{"WS-10", "close frames are answered with their code, invalid ones refused, then TCP ends",
        "RFC 6455 5.5.1, 7.4", url, major},
       closes_in_order,
       {.limit_s = 60}},
      {{"WS-15", "a server that stops says so: 1001 or 1012", "RFC 6455 7.4, IANA registry",
        process, major},
       says_why_it_drains,
       {.limit_s = 60, .alone = true}},
      {{"WS-17", "a peer that vanished is dropped", "HB-10", url, major},
       drops_dead_peers,
       {.limit_s = 330}},
  };
}

}  // namespace pushlab::conformance

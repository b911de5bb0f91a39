#include <fmt/format.h>

#include "tests/conformance/websocket/sections.hpp"
#include "tests/conformance/websocket/trials.hpp"

namespace pushlab::conformance {
namespace {

using Frame = WebSocketFrame;

Finding refuses_unmasked(Endpoint& endpoint) {
  return judge(
      endpoint,
      {{"an unmasked text frame", Frame{.payload = "hello", .masked = false}.bytes(), {1002}},
       {"an unmasked ping",
        Frame{.opcode = Opcode::ping, .masked = false}.bytes(),
        {1002},
        false}});
}

Finding sends_unmasked(Endpoint& endpoint) {
  auto const capture = websocket_capture(endpoint);
  if (capture->log.frames.empty()) return skip("no frame came");
  if (auto const* breach = capture->log.breach(WebSocketBreach::Kind::mask))
    return fail("frames without a mask", fmt::format("frame {} is masked", breach->frame));
  return pass(fmt::format("{} frames", capture->log.frames.size()));
}

std::vector<Trial> reserved_bits() {
  std::vector<Trial> trials;
  for (unsigned const rsv : {4U, 2U, 1U, 7U}) {
    trials.push_back({fmt::format("reserved bits {:03b} on a text frame", rsv),
                      Frame{.payload = "hello", .rsv = rsv}.bytes(),
                      {1002}});
    trials.push_back({fmt::format("reserved bits {:03b} on a ping", rsv),
                      Frame{.opcode = Opcode::ping, .rsv = rsv}.bytes(),
                      {1002},
                      false});
  }
  return trials;
}

std::vector<Trial> unknown_opcodes() {
  std::vector<Trial> trials;
  for (unsigned const code : {3U, 4U, 5U, 6U, 7U, 11U, 12U, 13U, 14U, 15U})
    trials.push_back({fmt::format("opcode {}", code),
                      Frame{.opcode = code, .payload = "x"}.bytes(),
                      {1002},
                      code < 8});
  return trials;
}

std::vector<Trial> wrong_control_frames() {
  std::vector<Trial> trials;
  for (unsigned const code : {Opcode::ping, Opcode::pong, Opcode::close}) {
    auto const name = opcode_name(code);
    auto const payload = code == Opcode::close ? close_payload(1000) : std::string();
    trials.push_back(
        {"a " + name + " of 126 bytes",
         Frame{.opcode = code, .payload = payload + std::string(126 - payload.size(), 'x')}.bytes(),
         {1002},
         false});
    trials.push_back({"a fragmented " + name,
                      Frame{.opcode = code, .payload = payload, .fin = false}.bytes() +
                          Frame{.opcode = Opcode::continuation}.bytes(),
                      {1002},
                      false});
  }
  return trials;
}

std::vector<Trial> fragments() {
  auto const begin = Frame{.payload = "one", .fin = false}.bytes();
  auto const middle = Frame{.opcode = Opcode::continuation, .payload = "two", .fin = false}.bytes();
  auto const end = Frame{.opcode = Opcode::continuation, .payload = "three"}.bytes();
  auto const ping = Frame{.opcode = Opcode::ping, .payload = "between"}.bytes();
  auto const whole = Frame{.payload = "whole"}.bytes();
  return {
      {"a continuation of nothing", end, {1002}},
      {"an unfinished continuation of nothing", middle, {1002}},
      {"a continuation behind a finished message", begin + end + end, {1002}},
      {"a text within a text", begin + whole, {1002}},
      {"a binary within a text", begin + Frame{.opcode = Opcode::binary}.bytes(), {1002}},
      {"three fragments", begin + middle + end},
      {"fragments with pings between", begin + ping + middle + ping + end},
      {"empty fragments", Frame{.fin = false}.bytes() +
                              Frame{.opcode = Opcode::continuation, .fin = false}.bytes() +
                              Frame{.opcode = Opcode::continuation}.bytes()},
      {"an empty text", Frame{.payload = ""}.bytes()},
  };
}

Finding refuses_wrong_frames(Endpoint& endpoint) {
  std::vector<Trial> trials;
  for (auto const group : {reserved_bits, unknown_opcodes, wrong_control_frames, fragments})
    for (auto& trial : group()) trials.push_back(std::move(trial));
  return judge(endpoint, trials);
}

// Sends the bytes and counts the pongs that carry exactly these payloads, in this order.
bool pongs_come(Endpoint& endpoint, WebSocketPeer& peer, std::string_view bytes,
                std::vector<std::string> const& payloads) {
  auto const already = peer.log().frames.size();
  peer.send(bytes, endpoint.answer_deadline());
  return peer.read(Deadline::in(endpoint.settings().websocket.refusal_s),
                   [&](WebSocketLog const& log) {
                     std::size_t next = 0;
                     for (auto i = already; i < log.frames.size(); ++i) {
                       auto const& frame = log.frames[i];
                       if (frame.opcode == Opcode::pong && next < payloads.size() &&
                           frame.payload == payloads[next])
                         ++next;
                     }
                     return next == payloads.size();
                   });
}

Finding answers_pings(Endpoint& endpoint) {
  auto peer = open_websocket(endpoint);
  auto ping = [](std::string payload) {
    return Frame{.opcode = Opcode::ping, .payload = std::move(payload)}.bytes();
  };
  std::string const binary("\x00\xFF\xFE\xFD\x80\xC0", 6), longest(125, '*');
  struct Form {
    char const* what;
    std::string bytes;
    std::vector<std::string> payloads;
  };
  for (auto const& [what, bytes, payloads] :
       {Form{"an empty ping", ping(""), {""}}, Form{"a ping with text", ping("hello"), {"hello"}},
        Form{"a ping with binary bytes", ping(binary), {binary}},
        Form{"a ping of 125 bytes", ping(longest), {longest}},
        Form{"a ping behind an unasked pong",
             Frame{.opcode = Opcode::pong, .payload = "unasked"}.bytes() + ping("asked"),
             {"asked"}}}) {
    if (!pongs_come(endpoint, peer, bytes, payloads))
      return fail(fmt::format("for {} a pong with {}", what, quoted(payloads.front(), 20)),
                  fmt::format("{} frames in all, none such in {} s; {}", peer.log().frames.size(),
                              endpoint.settings().websocket.refusal_s, peer.ending()));
  }
  // RFC 6455 5.5.3 lets a server answer only the last of several pings.
  std::string many;
  for (int i = 0; i < 10; ++i) many += ping(fmt::format("ping {}", i));
  if (!pongs_come(endpoint, peer, many, {"ping 9"}))
    return fail("a pong for the last of ten pings in one segment", peer.ending());
  return pass();
}

// With a publisher: while events are pushed to the same client, too.
Finding answers_pings_in_pieces(Endpoint& endpoint) {
  auto finding = answers_pings(endpoint);
  if (finding.verdict != Verdict::pass) return finding;
  auto const channel = endpoint.channel();
  auto peer = open_websocket(endpoint, channel.url);
  for (bool const busy : {false, true}) {
    if (busy && !endpoint.has_publisher()) break;
    auto const payload = endpoint.marker();
    auto const bytes = Frame{.opcode = Opcode::ping, .payload = payload}.bytes();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (busy && i % 8 == 0) endpoint.publish(channel, "busy");
      peer.send(bytes.substr(i, 1), endpoint.answer_deadline());
      peer.listen(0.002);  // or TCP makes one piece of them
    }
    bool const came = peer.read(Deadline::in(endpoint.settings().websocket.refusal_s),
                                [&](auto const& log) { return log.find_pong(payload); });
    if (!came)
      return fail(fmt::format("a pong for a ping that comes in pieces of a byte{}",
                              busy ? " while events are pushed" : ""),
                  peer.ending());
  }
  return finding;
}

}  // namespace

std::vector<Case> websocket_framing_cases() {
  using enum Level;
  using enum Severity;
  return {
      {{"WS-06", "an unmasked frame is refused with 1002", "RFC 6455 5.1", url, major},
       refuses_unmasked},
      {{"WS-07", "the server never masks", "RFC 6455 5.1", url, major}, sends_unmasked},
      {{"WS-08",
        "reserved bits, unknown opcodes, wrong control frames and fragments are refused "
        "with 1002",
        "RFC 6455 5.2, 5.4, 5.5", url, major},
       refuses_wrong_frames,
       {.limit_s = 60}},
      {{"WS-11", "a ping is answered with its own payload, while events are sent, too",
        "RFC 6455 5.5.3", url, major},
       answers_pings_in_pieces,
       {.limit_s = 60}},
  };
}

}  // namespace pushlab::conformance

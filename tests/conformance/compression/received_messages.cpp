#include <fmt/format.h>

#include "tests/conformance/compression/extension.hpp"
#include "tests/conformance/compression/sections.hpp"
#include "tests/conformance/websocket/trials.hpp"

namespace pushlab::conformance {
namespace {

using namespace std::string_literals;
using Frame = WebSocketFrame;

constexpr auto offer = "permessage-deflate; client_no_context_takeover";

bool agrees(Endpoint& endpoint) {
  WebSocketPeer const peer(endpoint.url(), deflate_request(endpoint, offer),
                           endpoint.answer_deadline());
  return agreement_in(peer.head()).deflate;
}

void require_deflate(Endpoint& endpoint) {
  if (!agrees(endpoint)) throw Skip("the endpoint declines permessage-deflate");
}

std::string compressed(std::string payload, bool fin = true) {
  return Frame{.payload = std::move(payload), .fin = fin, .rsv = Frame::rsv1}.bytes();
}

std::string continuation(std::string payload, bool fin = true, unsigned rsv = 0) {
  return Frame{
      .opcode = Opcode::continuation, .payload = std::move(payload), .fin = fin, .rsv = rsv}
      .bytes();
}

// Frames of the server that have RSV1 where it has no meaning.
std::string misplaced(WebSocketLog const& log) {
  auto const* breach = log.breach(WebSocketBreach::Kind::reserved_bits);
  if (!breach) return {};
  return fmt::format("a {} frame with {}", opcode_name(log.frames[breach->frame].opcode),
                     breach->text);
}

Finding marks_only_messages(Endpoint& endpoint) {
  auto const expected = "RSV1 on the first frame of a compressed message only";
  if (auto const wrong = misplaced(websocket_capture(endpoint)->log); !wrong.empty())
    return fail(expected, wrong + ", and no extension was agreed");
  if (!agrees(endpoint))
    return judge(endpoint, {{"RSV1 without an extension", compressed("\x00"s), {1002}}});
  auto const channel = endpoint.channel();
  auto [peer, agreement] = open_deflate(endpoint, channel.url, offer);
  peer.send({.opcode = Opcode::ping, .payload = "RSV1?"}, endpoint.answer_deadline());
  if (endpoint.has_publisher()) endpoint.publish(channel, endpoint.marker());
  peer.listen(endpoint.settings().still_open_s);
  if (auto const wrong = misplaced(peer.log()); !wrong.empty()) return fail(expected, wrong);
  auto const hello = MessageDeflater().deflate("hello");
  return judge(
      endpoint,
      {{"RSV1 on a ping", Frame{.opcode = Opcode::ping, .rsv = Frame::rsv1}.bytes(), {1002}, false},
       {"RSV1 on a continuation",
        compressed(hello.substr(0, 2), false) + continuation(hello.substr(2), true, Frame::rsv1),
        {1002}},
       {"RSV2 on a text", Frame{.payload = "hello", .rsv = Frame::rsv2}.bytes(), {1002}}},
      deflate_request(endpoint, offer));
}

Finding takes_all_forms(Endpoint& endpoint) {
  require_deflate(endpoint);
  auto const hello = MessageDeflater().deflate("hello, hello, hello");
  return judge(endpoint,
               {{"a compressed text", compressed(hello)},
                {"one in three fragments", compressed(hello.substr(0, 1), false) +
                                               continuation(hello.substr(1, 3), false) +
                                               continuation(hello.substr(4))},
                {"an empty message", compressed("\x00"s)},
                {"a stored block", compressed("\x00\x05\x00\xFA\xFFhello\x00"s)},
                {"a final block", compressed("\xF3\x48\xCD\xC9\xC9\x07\x00\x00"s)},
                {"two blocks", compressed("\xF2\x48\x05\x00\x00\x00\xFF\xFF\xCA\xC9\xC9\x07\x00"s)},
                {"an uncompressed text behind a compressed one",
                 compressed(hello) + Frame{.payload = "hello"}.bytes() + compressed(hello)}},
               deflate_request(endpoint, offer));
}

// So many MiB of zeros: one flushed MiB refers to nothing before it and can be repeated.
std::string bomb(int mebibytes) {
  MessageDeflater deflater(15, false);
  auto const one = deflater.deflate(std::string(1 << 20, '\0'));
  std::string payload;
  for (int i = 0; i < mebibytes; ++i) payload += (i == 0 ? "" : "\x00\x00\xFF\xFF"s) + one;
  return payload;
}

void judge_bomb(Endpoint& endpoint, int mebibytes, Verdicts& verdicts) {
  auto const payload = bomb(mebibytes);
  auto const what = fmt::format("{} KiB that are {} MiB", payload.size() >> 10, mebibytes);
  auto [peer, agreement] = open_deflate(endpoint, endpoint.url(), offer);
  auto const before = endpoint.has_process() ? endpoint.process().rss_bytes() : 0;
  auto const deadline = Deadline::in(endpoint.settings().websocket.flood_s);
  try {
    peer.send({.opcode = Opcode::binary, .payload = payload, .rsv = Frame::rsv1}, deadline);
    peer.send({.opcode = Opcode::ping, .payload = "survived"}, deadline);
  } catch (WireError const&) {
  }
  peer.read(deadline,
            [](WebSocketLog const& log) { return log.close() || log.find_pong("survived"); });
  if (endpoint.has_process()) {
    auto const grown = endpoint.process().rss_bytes() - before;
    if (grown > endpoint.settings().compression.bomb_growth_bytes)
      return verdicts.bad(fmt::format("{}: memory grew by {} MiB", what, grown >> 20));
  }
  auto const code = peer.close_code();
  bool const refused = code || peer.ended_by() != Arrival::Kind::nothing;
  if (code == 1009U || (code && code == message_refusal(endpoint))) return verdicts.good();
  if (refused) return verdicts.soft(what + ": " + peer.ending());
  if (!peer.log().find_pong("survived"))
    return verdicts.bad(what + ": the connection is stuck afterwards");
  endpoint.has_process() ? verdicts.good()
                         : verdicts.soft(what + ": taken, at what price cannot be seen");
}

Finding survives_bombs(Endpoint& endpoint) {
  require_deflate(endpoint);
  auto const most = endpoint.settings().compression.bomb_mib;
  Verdicts verdicts;
  // The small one is within most limits on what comes over the wire.
  for (int const mebibytes : {std::min(most, 32), most}) judge_bomb(endpoint, mebibytes, verdicts);
  return verdicts.finding("close code 1009 and flat memory", "bombs");
}

Finding refuses_what_is_corrupt(Endpoint& endpoint) {
  require_deflate(endpoint);
  return judge(endpoint,
               {{"an invalid block type", compressed("\xFF\xFF\xFF"s), {1002, 1007}},
                {"lengths of a stored block that differ",
                 compressed("\x00\x05\x00\x00\x00hello\x00"s),
                 {1002, 1007}},
                {"a reference to before the beginning",
                 compressed("\xF2\x00\x11\x00\x00"s),  // 7692 7.2.3.2, its first message left out
                 {1002, 1007}}},
               deflate_request(endpoint, offer));
}

}  // namespace

std::vector<Case> compression_received_message_cases() {
  using enum Level;
  using enum Severity;
  return {
      {{"COMP-17",
        "RSV1 stands on the first frame of compressed messages and nowhere else",
        "RFC 7692 6, 6455 5.2",
        url,
        major,
        {Strategy::websocket}},
       marks_only_messages},
      {{"COMP-18",
        "fragments, empty messages and blocks of all kinds are taken",
        "RFC 7692 7.2.3",
        url,
        minor,
        {Strategy::websocket}},
       takes_all_forms},
      {{"COMP-19",
        "a message that inflates beyond the limit is refused, in flat memory",
        "RFC 7692 8, 6455 10.4",
        url,
        critical,
        {Strategy::websocket}},
       survives_bombs,
       {.limit_s = 90, .alone = true}},
      {{"COMP-20",
        "corrupt data ends the connection with 1007 or 1002",
        "RFC 7692 7.2.2",
        url,
        major,
        {Strategy::websocket}},
       refuses_what_is_corrupt},
  };
}

}  // namespace pushlab::conformance

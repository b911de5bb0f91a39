#include <fmt/format.h>

#include "tests/conformance/compression/codings.hpp"
#include "tests/conformance/compression/extension.hpp"
#include "tests/conformance/compression/sections.hpp"

namespace pushlab::conformance {
namespace {

// Publishes texts that invite a compressor to look far back, and inflates by what was agreed.
Finding inflates(Endpoint& endpoint, std::string const& offers) {
  auto const channel = endpoint.channel();
  auto [peer, agreement] = open_deflate(endpoint, channel.url, offers);
  auto const text = noise(2000);
  std::string marker;
  for (int i = 0; i < 3; ++i) {
    marker = endpoint.marker();
    endpoint.publish(channel, text + marker + text);
    auto const deadline = Deadline::in(endpoint.settings().delivery_s);
    peer.read(deadline, [&](WebSocketLog const& log) {
      return log.find(marker) || log.breach(WebSocketBreach::Kind::deflate);
    });
  }
  auto const expected =
      fmt::format("messages that a window of {} bits {} inflates", agreement.server_bits,
                  agreement.server_context ? "with" : "without context");
  if (auto const* breach = peer.log().breach(WebSocketBreach::Kind::deflate))
    return fail(expected, fmt::format("frame {} {}", breach->frame, breach->text));
  auto const* message = peer.log().find(marker);
  if (!message) return fail(expected, "an event did not come: " + peer.ending());
  if (!message->compressed) return skip("messages are not compressed, though it was agreed");
  return pass(fmt::format("{} bytes in {}", message->payload.size(), message->wire.size()));
}

Finding keeps_no_context(Endpoint& endpoint) {
  return inflates(endpoint, "permessage-deflate; server_no_context_takeover");
}

Finding keeps_to_the_window(Endpoint& endpoint) {
  // 8 bits are legal, but zlib cannot make them.
  for (int const bits : {9, 10}) {
    auto finding =
        inflates(endpoint, fmt::format("permessage-deflate; server_max_window_bits={}", bits));
    if (finding.verdict != Verdict::pass || bits == 10) return finding;
  }
  return pass();
}

}  // namespace

std::vector<Case> compression_sent_message_cases() {
  using enum Level;
  using enum Severity;
  return {
      {{"COMP-15",
        "an agreed server_no_context_takeover is kept",
        "RFC 7692 7.1.1.1",
        publish,
        major,
        {Strategy::websocket}},
       keeps_no_context},
      {{"COMP-16",
        "an agreed window of the server is kept",
        "RFC 7692 7.1.2.1",
        publish,
        major,
        {Strategy::websocket}},
       keeps_to_the_window},
  };
}

}  // namespace pushlab::conformance

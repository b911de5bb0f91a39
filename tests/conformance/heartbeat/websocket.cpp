#include <fmt/format.h>

#include "tests/conformance/engine/upgrade.hpp"
#include "tests/conformance/heartbeat/sections.hpp"

namespace pushlab::conformance {
namespace {

WebSocketFrame const* first_ping(WebSocketLog const& log) {
  for (auto const& frame : log.frames) {
    if (frame.opcode == Opcode::ping) return &frame;
  }
  return nullptr;
}

Finding pings_and_drops_the_mute(Endpoint& endpoint) {
  auto peer = open_websocket(endpoint);
  peer.answers_pings = false;
  auto const begin = Clock::now();
  peer.listen(endpoint.settings().listen_s);
  constexpr auto expected = "pings, and the end of who answers none after two periods";
  auto const* ping = first_ping(peer.log());
  auto const listened = fmt::format("in {:.0f} s", seconds_between(begin, Clock::now()));
  if (!ping && !peer.log().messages.empty())
    return warn(expected,
                fmt::format("{} messages and no ping {}", peer.log().messages.size(), listened));
  if (!ping) return fail(expected, "no ping " + listened);
  auto const period_s = seconds_between(begin, ping->at);
  if (peer.ended_by() == Arrival::Kind::nothing)
    return fail(expected,
                fmt::format("the first ping after {:.1f} s, and no end {}", period_s, listened));
  auto const end_s = seconds_between(ping->at, peer.ended_at());
  auto const seen =
      fmt::format("the first ping after {:.1f} s, the end {:.1f} s later", period_s, end_s);
  return end_s <= 2.1 * period_s + 1 ? pass(seen) : warn(expected, seen);
}

}  // namespace

std::vector<Case> websocket_heartbeat_cases() {
  return {
      {{"HB-07",
        "a WebSocket server pings, and drops who does not answer",
        "RFC 6455 5.5.2, 5.5.3",
        Level::url,
        Severity::major,
        {Strategy::websocket}},
       pings_and_drops_the_mute,
       {.limit_s = 120}},
  };
}

}  // namespace pushlab::conformance

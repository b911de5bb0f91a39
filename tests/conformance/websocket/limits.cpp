#include <fmt/format.h>

#include "tests/conformance/websocket/sections.hpp"
#include "tests/conformance/websocket/trials.hpp"

namespace pushlab::conformance {
namespace {

using Frame = WebSocketFrame;

// The growth of the server's resident memory, where it can be seen.
class Footprint {
 public:
  explicit Footprint(Endpoint& endpoint) : endpoint_(endpoint), before_(now()) {}

  // Puts it to the verdicts when it is above the limit; tells what it saw.
  std::string judge(Verdicts& verdicts) const {
    if (!endpoint_.has_process()) return "memory not seen: no hold on the process";
    auto const grown = now() - before_;
    auto const text = fmt::format("memory grew by {} KiB", grown / 1024);
    if (grown > endpoint_.settings().websocket.growth_bytes) verdicts.bad(text);
    return text;
  }

 private:
  std::int64_t now() const { return endpoint_.has_process() ? endpoint_.process().rss_bytes() : 0; }

  Endpoint& endpoint_;
  std::int64_t before_;
};

bool refused(WebSocketPeer const& peer) {
  return peer.close_code() || peer.ended_by() != Arrival::Kind::nothing;
}

// Sends pieces as long as they are taken; returns how many were. Throws WireError when the server
// stops reading without ending the connection.
std::size_t pour(WebSocketPeer& peer, std::string const& piece, std::size_t times,
                 Deadline const& deadline) {
  for (std::size_t i = 0; i < times; ++i) {
    try {
      peer.send(piece, deadline);
    } catch (WireError const& error) {
      if (error.kind == WireError::Kind::silent) throw;
      return i;
    }
    peer.read(Deadline::in(0), [](WebSocketLog const& log) { return log.close() != nullptr; });
    if (refused(peer)) return i + 1;
  }
  return times;
}

void judge_survival(Endpoint& endpoint, Verdicts& verdicts) {
  try {
    WebSocketPeer const peer(endpoint.url(), upgrade_request(endpoint), endpoint.answer_deadline());
    if (!peer.is_open())
      verdicts.bad("afterwards no WebSocket opens: " + peer.head().status_line());
  } catch (WireError const& error) {
    verdicts.bad(std::string("afterwards no WebSocket opens: ") + error.what());
  }
}

void judge_size(Endpoint& endpoint, std::uint64_t length, Verdicts& verdicts) {
  constexpr std::size_t piece = 65536;
  auto const& settings = endpoint.settings().websocket;
  auto const what = fmt::format("a head that announces {} bytes", length);
  auto peer = open_websocket(endpoint);
  peer.send(Frame{.payload = "much", .announced = length}.bytes(), endpoint.answer_deadline());
  peer.read(Deadline::in(settings.refusal_s),
            [](WebSocketLog const& log) { return log.close() != nullptr; });
  bool const too_long = length >> 63 != 0;
  if (!refused(peer) && too_long) return verdicts.bad(what + ": accepted");
  if (!refused(peer)) {
    pour(peer, std::string(piece, 'x'), settings.oversize_bytes / piece,
         Deadline::in(settings.flood_s));
    peer.read(Deadline::in(settings.refusal_s),
              [](WebSocketLog const& log) { return log.close() != nullptr; });
  }
  auto const code = peer.close_code();
  if (code == 1009U || (too_long && code == 1002U) || (code && code == message_refusal(endpoint)))
    return verdicts.good();
  verdicts.soft(fmt::format("{} and sends {} MiB at most: {}", what, settings.oversize_bytes >> 20,
                            peer.ending()));
}

Finding bounds_messages(Endpoint& endpoint) {
  Verdicts verdicts;
  Footprint const footprint(endpoint);
  for (int const bits : {63, 62, 31}) judge_size(endpoint, 1ULL << bits, verdicts);
  auto const memory = footprint.judge(verdicts);
  judge_survival(endpoint, verdicts);
  return verdicts.finding("close code 1009 and no memory for what has not come",
                          "heads refused; " + memory);
}

void judge_flood(Endpoint& endpoint, char const* what, std::string const& fragment,
                 std::size_t count, Verdicts& verdicts) {
  constexpr std::size_t at_once = 1024;
  std::string piece;
  for (std::size_t i = 0; i < at_once; ++i) piece += fragment;
  auto peer = open_websocket(endpoint);
  auto const deadline = Deadline::in(endpoint.settings().websocket.flood_s);
  try {
    peer.send({.payload = "", .fin = false}, deadline);
    pour(peer, piece, (count + at_once - 1) / at_once, deadline);
    if (!refused(peer)) peer.send({.opcode = Opcode::ping, .payload = "behind it"}, deadline);
  } catch (WireError const& error) {
    if (error.kind == WireError::Kind::silent)
      return verdicts.bad(fmt::format("{}: {}", what, error.what()));
  }
  peer.read(deadline,
            [](WebSocketLog const& log) { return log.close() || log.find_pong("behind it"); });
  if (refused(peer) || peer.log().find_pong("behind it")) return verdicts.good();
  verdicts.bad(fmt::format("{}: neither read to the end nor refused in {} s", what,
                           endpoint.settings().websocket.flood_s));
}

Finding bounds_fragments(Endpoint& endpoint) {
  auto const& settings = endpoint.settings().websocket;
  Frame part{.opcode = Opcode::continuation, .fin = false};
  Verdicts verdicts;
  Footprint const footprint(endpoint);
  judge_flood(endpoint, "empty continuations", part.bytes(), settings.flood_frames, verdicts);
  part.payload = std::string(64, 'x');
  judge_flood(endpoint, "fragments of 64 bytes", part.bytes(), settings.flood_pieces, verdicts);
  auto const memory = footprint.judge(verdicts);
  judge_survival(endpoint, verdicts);
  return verdicts.finding("read or refused at once, in flat memory", "floods stood; " + memory);
}

}  // namespace

std::vector<Case> websocket_size_cases() {
  using enum Level;
  using enum Severity;
  return {
      {{"WS-12", "a message that is too long is refused with 1009 before memory is taken for it",
        "RFC 6455 10.4", url, critical},
       bounds_messages,
       {.limit_s = 90, .alone = true}},
      {{"WS-13", "a flood of fragments costs no memory and blocks nothing", "CWE-770", url, major},
       bounds_fragments,
       {.limit_s = 60, .alone = true}},
  };
}

}  // namespace pushlab::conformance

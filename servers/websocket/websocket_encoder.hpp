#pragma once
#include "servers/event/encoder.hpp"

namespace pushlab::server {

// RFC 6455 5.2, the server's side: unmasked, unfragmented frames, framed once for all subscribers.
class WebSocketEncoder : public Encoder {
 public:
  // One text message {"event":"db","id":"<epoch>-<seq>","data":<body>}.
  std::string frame(EventId id, Notification const& notification) const override;
  std::string conflated(EventId cursor, std::uint64_t dropped) const override;
};

enum class Opcode : std::uint8_t {
  continuation = 0x0,
  text = 0x1,
  binary = 0x2,
  close = 0x8,
  ping = 0x9,
  pong = 0xA,
};

std::string websocket_frame(Opcode opcode, std::string_view payload);
std::string websocket_close(std::uint16_t code, std::string_view reason = {});

// The texts of the messages that are not events.
std::string websocket_hello_text(EventId cursor, std::string_view connection,
                                 std::string_view server);
std::string websocket_reset_text(EventId cursor);

// Sec-WebSocket-Accept for a Sec-WebSocket-Key (RFC 6455 4.2.2).
std::string websocket_accept(std::string_view key);

constexpr std::string_view websocket_ping{"\x89\x00", 2};

}  // namespace pushlab::server

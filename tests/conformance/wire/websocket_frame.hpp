#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tests/conformance/wire/deadline.hpp"

namespace pushlab::conformance {

// Plain numbers, since any of the sixteen must be sendable.
struct Opcode {
  static constexpr unsigned continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10;
};

// One frame of RFC 6455: as it came, or to be sent, right or wrong. Nothing is checked.
struct WebSocketFrame {
  static constexpr unsigned rsv1 = 4, rsv2 = 2, rsv3 = 1;

  unsigned opcode = Opcode::text;
  std::string payload = {};  // unmasked
  bool fin = true;
  unsigned rsv = 0;
  bool masked = true;
  // Of the payload, in the head. To be sent: if it is another than the payload's.
  std::optional<std::uint64_t> announced = {};
  bool shortest = true;   // read: the length took as few bytes as it can
  Instant first_at = {};  // read: when its first byte came
  Instant at = {};        // read: when its last byte came

  bool is_control() const { return opcode >= 8; }
  std::string bytes() const;
};

// The payload of a close frame.
std::string close_payload(unsigned code, std::string_view reason = {});
// The code in a close frame's payload; 1005 when it has none.
unsigned close_code_in(std::string_view payload);

// "text", "ping", "opcode 11".
std::string opcode_name(unsigned opcode);

}  // namespace pushlab::conformance

#include "tests/conformance/wire/websocket_frame.hpp"

#include <fmt/format.h>

#include <array>

namespace pushlab::conformance {
namespace {

// The key of RFC 6455 5.7. Masks protect proxies from browsers; a checker needs none in particular.
constexpr std::array<unsigned char, 4> mask{0x37, 0xfa, 0x21, 0x3d};

std::string big_endian(std::uint64_t number, int size) {
  std::string bytes;
  for (int i = size - 1; i >= 0; --i) bytes += static_cast<char>(number >> (8 * i) & 0xFF);
  return bytes;
}

}  // namespace

std::string WebSocketFrame::bytes() const {
  auto const length = announced.value_or(payload.size());
  auto const mask_bit = masked ? 0x80U : 0U;
  std::string wire(1, static_cast<char>((fin ? 0x80U : 0U) | rsv << 4 | opcode));
  if (length < 126)
    wire += static_cast<char>(mask_bit | length);
  else if (length <= 0xFFFF)
    wire += static_cast<char>(mask_bit | 126) + big_endian(length, 2);
  else
    wire += static_cast<char>(mask_bit | 127) + big_endian(length, 8);
  if (!masked) return wire + payload;
  wire.append(reinterpret_cast<char const*>(mask.data()), mask.size());
  for (std::size_t i = 0; i < payload.size(); ++i)
    wire += static_cast<char>(static_cast<unsigned char>(payload[i]) ^ mask[i % mask.size()]);
  return wire;
}

std::string close_payload(unsigned code, std::string_view reason) {
  return big_endian(code, 2).append(reason);
}

unsigned close_code_in(std::string_view payload) {
  if (payload.size() < 2) return 1005;
  return static_cast<unsigned>(static_cast<unsigned char>(payload[0])) << 8 |
         static_cast<unsigned char>(payload[1]);
}

std::string opcode_name(unsigned opcode) {
  switch (opcode) {
    case Opcode::continuation:
      return "continuation";
    case Opcode::text:
      return "text";
    case Opcode::binary:
      return "binary";
    case Opcode::close:
      return "close";
    case Opcode::ping:
      return "ping";
    case Opcode::pong:
      return "pong";
    default:
      return fmt::format("opcode {}", opcode);
  }
}

}  // namespace pushlab::conformance

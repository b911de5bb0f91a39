#include "servers/websocket/websocket_encoder.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>

namespace pushlab::server {

std::string websocket_frame(Opcode opcode, std::string_view payload) {
  std::string frame(1, static_cast<char>(0x80 | static_cast<std::uint8_t>(opcode)));
  auto const size = static_cast<std::uint64_t>(payload.size());
  auto append_big_endian = [&](int bytes) {
    for (int i = bytes - 1; i >= 0; --i) frame += static_cast<char>(size >> (8 * i) & 0xFF);
  };
  if (size < 126) {
    frame += static_cast<char>(size);
  } else if (size <= 0xFFFF) {
    frame += static_cast<char>(126);
    append_big_endian(2);
  } else {
    frame += static_cast<char>(127);
    append_big_endian(8);
  }
  return frame.append(payload);
}

std::string websocket_close(std::uint16_t code, std::string_view reason) {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
  return websocket_frame(Opcode::close, payload.append(reason));
}

std::string WebSocketEncoder::frame(EventId id, Notification const& notification) const {
  return websocket_frame(Opcode::text, fmt::format(R"({{"event":"db","id":"{}","data":{}}})",
                                                   to_string(id), notification.forwarded()));
}

std::string WebSocketEncoder::conflated(EventId cursor, std::uint64_t dropped) const {
  return websocket_frame(Opcode::text,
                         fmt::format(R"({{"event":"conflated","id":"{}","data":{{"dropped":{}}}}})",
                                     to_string(cursor), dropped));
}

std::string websocket_hello_text(EventId cursor, std::string_view connection,
                                 std::string_view server) {
  return fmt::format(R"({{"event":"hello","id":"{}","data":{{"connection":"{}","server":"{}"}}}})",
                     to_string(cursor), connection, server);
}

std::string websocket_reset_text(EventId cursor) {
  auto const id = to_string(cursor);
  return fmt::format(R"({{"event":"reset","id":"{}","data":{{"cursor":"{}"}}}})", id, id);
}

std::string websocket_accept(std::string_view key) {
  auto const salted = std::string{key} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<unsigned char const*>(salted.data()), salted.size(), digest.data());
  std::array<unsigned char, 4 * ((SHA_DIGEST_LENGTH + 2) / 3) + 1> text;
  auto const length = EVP_EncodeBlock(text.data(), digest.data(), digest.size());
  return {reinterpret_cast<char const*>(text.data()), static_cast<std::size_t>(length)};
}

}  // namespace pushlab::server

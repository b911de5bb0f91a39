// The values of the opening handshake (RFC 6455 section 4) and client frames (section 5.3). No I/O.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "loadgen/client/websocket_reader.hpp"

namespace pushlab::loadgen {

std::string websocket_key(std::uint64_t random_a, std::uint64_t random_b);  // 16 bytes in base64
std::string websocket_accept(std::string_view key);  // what the server must answer

// A whole masked frame; `payload` up to 65,535 bytes.
std::string client_frame(WebSocketMessage::Kind kind, std::string_view payload, std::uint32_t mask);

}  // namespace pushlab::loadgen

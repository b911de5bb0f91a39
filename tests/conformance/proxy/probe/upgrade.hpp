#pragma once

#include <string>

#include "tests/conformance/proxy/via.hpp"
#include "tests/conformance/wire/http_message.hpp"

namespace pushlab::conformance {

// The WebSocket handshake that is used everywhere here, and the key's answer (RFC 6455 1.3).
Request handshake(Request request);
std::string accept_value(std::string const& key);
// Answers it at the origin with 101, or with 426 what is none: then false.
bool accept_upgrade(Peer& peer, Asked const& asked);

struct Upgrade {
  std::string answer;         // the status line, or why there is none
  bool reached = false;       // the origin, as a handshake
  bool right_accept = false;  // Sec-WebSocket-Accept came back as it left the origin
  std::string offered;        // Sec-WebSocket-Extensions that reached the origin
  std::string agreed;         // and those that came back
  bool same_bytes = false;    // frames went there and back unchanged
  bool passed() const;
};

constexpr std::string_view extension_offer = "permessage-deflate; client_max_window_bits";
constexpr std::string_view extension_answer = "permessage-deflate";

// Upgrades at the origin, which sends back what it gets.
Upgrade try_upgrade(Origin& origin, Url const& front, Deadline const& deadline);

}  // namespace pushlab::conformance

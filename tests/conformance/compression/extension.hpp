#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/conformance/engine/upgrade.hpp"

namespace pushlab::conformance {

// One element of Sec-WebSocket-Extensions (RFC 6455 9.1).
struct Extension {
  struct Parameter {
    std::string name;
    std::optional<std::string> value;  // unquoted
  };
  std::string name;
  std::vector<Parameter> parameters;

  Parameter const* find(std::string_view parameter) const;
  bool has(std::string_view parameter) const { return find(parameter) != nullptr; }
};
std::vector<Extension> parse_extensions(std::string_view list);

// What is wrong with an answer to these offers (RFC 7692 5.1, 7.1); empty: nothing.
std::string illegal(std::string_view offers, std::string_view answer);

// What an answer agreed to.
struct Agreement {
  bool deflate = false;
  int server_bits = 15;
  int client_bits = 15;
  bool server_context = true;
  bool client_context = true;
};
Agreement agreement_in(Head const& head);

Request deflate_request(Endpoint const& endpoint, std::string const& offers);

// A WebSocket whose messages are inflated by the letter of what was agreed.
struct DeflatePeer {
  WebSocketPeer peer;
  Agreement agreement;
};
// Throws Skip when none is opened or the offer is declined.
DeflatePeer open_deflate(Endpoint& endpoint, Url const& url, std::string const& offers);

}  // namespace pushlab::conformance

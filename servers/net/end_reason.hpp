#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace pushlab::server {

// Why a connection ended. Every end is ordinary and counted by its name in /metrics.
enum class EndReason : std::uint8_t {
  client_closed,  // the client closed, or its connection was reset
  write_failed,   // a write met a closed or dead peer
  slow_reader,    // its outbox was full; the client resumes with its last event id
  idle,           // no request, no answer to a ping, or half a request for too long
  served,         // the last answer was sent and keep-alive was not wanted
  bad_request,    // bytes that are not HTTP or break the protocol
  over_limit,     // accepted above the number of connections allowed
  drained,        // the server shuts down
  revoked,        // the session behind it is over
};

constexpr std::array<std::string_view, 9> end_reason_names{
    "client_closed", "write_failed", "slow_reader", "idle",   "served",
    "bad_request",   "over_limit",   "drained",     "revoked"};

constexpr std::string_view to_string(EndReason reason) {
  return end_reason_names[static_cast<std::size_t>(reason)];
}

}  // namespace pushlab::server

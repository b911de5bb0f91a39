#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pushlab::server {

// Names one event, and as a cursor the place right after it: `<epoch>-<seq>`, the epoch in
// lower-case hex, the sequence number in decimal. Short and CORS-safe, so a cross-origin resume
// needs no preflight. The epoch changes whenever a server starts without its history: a cursor of
// another epoch is stale.
struct EventId {
  std::uint32_t epoch = 0;
  std::uint64_t seq = 0;  // 1 is the first event of an epoch; 0 is the place before it

  friend bool operator==(EventId const&, EventId const&) = default;
};

std::string to_string(EventId id);

// Nothing for any text that to_string() would not have written.
std::optional<EventId> parse_event_id(std::string_view text);

// Random, of eight hexadecimal digits, never 0.
std::uint32_t new_epoch();

}  // namespace pushlab::server

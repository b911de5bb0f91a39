#pragma once
#include <span>
#include <string>
#include <string_view>

#include "servers/event/event.hpp"
#include "servers/event/event_id.hpp"

namespace pushlab::server {

// What a strategy puts on the wire, without any I/O. Called once per event, never per subscriber.
class Encoder {
 public:
  virtual ~Encoder() = default;

  virtual std::string frame(EventId id, Notification const& notification) const = 0;

  // Several events, oldest first, that leave for a subscriber in one write.
  virtual std::string join(std::uint32_t /*epoch*/, std::span<EventPtr const> events) const {
    std::string bytes;
    for (auto const& event : events) bytes += event->frame;
    return bytes;
  }

  // Tells a client that `dropped` events were kept back because it reads too slowly, and that its
  // cursor is this one. Empty where a client cannot fall behind.
  virtual std::string conflated(EventId /*cursor*/, std::uint64_t /*dropped*/) const { return {}; }

  // The part of a frame that an HTTP/1.0 client gets, who knows no chunks.
  virtual std::string_view unchunked(std::string_view frame) const { return frame; }
};

}  // namespace pushlab::server

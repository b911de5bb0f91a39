#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "servers/event/bytes.hpp"
#include "servers/event/notification.hpp"

namespace pushlab::server {

// A notification that was accepted and encoded. Immutable, and shared by every loop, the histories
// and all the outboxes that still have to write it.
struct Event {
  std::uint64_t seq = 0;
  Notification notification;
  std::string frame;  // encoded once in the wire format of the strategy that this server runs

  std::size_t bytes() const { return sizeof(Event) + notification.bytes() + frame.size(); }
};

using EventPtr = std::shared_ptr<Event const>;

// The event's own frame, without a copy.
inline Bytes frame_of(EventPtr const& event) {
  return {event, event->frame};
}

}  // namespace pushlab::server

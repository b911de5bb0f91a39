#pragma once
#include <span>

#include "servers/event/event.hpp"
#include "servers/hub/subscriptions.hpp"

namespace pushlab::server {

// One write's worth for a subscriber: the events, oldest first, and their joined wire form.
struct Batch {
  std::span<EventPtr const> events;
  Bytes bytes;
};

// Where the hub hands over; called on the loop's thread, once for many slots. It must not change
// the subscriptions before it returns: `slots` looks into them.
class Delivery {
 public:
  virtual ~Delivery() = default;
  virtual void deliver(std::span<Slot const> slots, Batch const& batch) = 0;
};

}  // namespace pushlab::server

#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "servers/event/encoder.hpp"
#include "servers/hub/delivery.hpp"
#include "servers/hub/subscriptions.hpp"
#include "servers/hub/visibility.hpp"

namespace pushlab::server {

constexpr std::size_t events_per_write = 64;  // the bits of a mask

// The subscribers of one loop that take one wire form, and an event's way to them.
class FanOut {
 public:
  FanOut(WireForm form, std::uint32_t epoch, HubOptions const& options, Encoder const& encoder,
         Delivery& delivery);

  void add(Slot slot, Viewer const& viewer) { subscriptions_.add(slot, viewer); }
  void remove(Slot slot) { subscriptions_.remove(slot); }

  // Oldest first, at most `events_per_write`; a subscriber gets its share of them in one write.
  void deliver(std::span<EventPtr const> events);

 private:
  bool needs_marks(Notification const& notification) const;
  std::span<Slot const> owners(Notification const& notification) const;
  std::span<Slot const> echoes(Notification const& notification) const;
  void deliver_one(EventPtr const& event);
  void deliver_many(std::span<EventPtr const> events);
  void deliver_marked(std::span<EventPtr const> events);
  void deliver_rotated(std::span<Slot const> slots, Batch& batch);
  std::size_t next_start(std::size_t size);
  void mark_all(Notification const& notification, std::uint64_t bit);
  void mark(std::span<Slot const> slots, std::uint64_t bit);

  WireForm form_;
  std::uint32_t epoch_;
  HubOptions const& options_;
  Encoder const& encoder_;
  Delivery& delivery_;
  Visibility visibility_;
  Subscriptions subscriptions_;
  std::vector<std::uint64_t> masks_;  // by slot: which events of the turn it gets
  std::vector<Slot> marked_;          // the slots that have, or had, a mask
  std::uint64_t turns_ = 0;
};

}  // namespace pushlab::server

#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "servers/event/encoder.hpp"
#include "servers/hub/delivery.hpp"
#include "servers/hub/history.hpp"
#include "servers/hub/snapshot.hpp"
#include "servers/hub/subscriptions.hpp"
#include "servers/hub/visibility.hpp"

namespace pushlab::server {

// What a client that names its last event has to be told.
struct Resume {
  bool reset = false;            // the cursor is unknown, stale or evicted: take a snapshot
  EventId from;                  // the cursor in force before `missed`
  std::vector<EventPtr> missed;  // what the client may see of the events since, oldest first
};

// One loop's share of the fan-out: its subscribers, the history and the state as this loop has
// delivered them. Everything runs on the loop's thread, so a client that subscribes between two
// turns sees neither a gap nor a duplicate.
class Hub {
 public:
  // The options outlive the hub. The clock is for the snapshot's delay.
  Hub(std::uint32_t epoch, HubOptions const& options, Encoder const& encoder, Delivery& delivery,
      Snapshot::Clock clock = std::chrono::steady_clock::now);

  // A slot's share of what comes. Whether the viewer may have the names it named is known by now;
  // what `*` means is decided here, event by event. REQUIRES: new, or removed since.
  void add(Slot slot, Viewer const& viewer) { subscriptions_.add(slot, viewer); }
  void remove(Slot slot) { subscriptions_.remove(slot); }

  // Queues an event for this turn of the loop; events of one turn leave in one write a subscriber.
  // True when a turn has to be scheduled.
  bool publish(EventPtr event);
  void run_turn();

  // The place after the newest delivered event.
  EventId now() const { return {epoch_, history_.last_seq()}; }

  // Nothing asked: live from now. REQUIRES: run_turn() when events are pending.
  Resume resume(std::optional<std::string> const& cursor, Viewer const& viewer) const;

  // A valid cursor of this epoch that this loop has not reached yet, but another one has.
  bool ahead(std::string_view cursor) const;

  // Whether a client for whom nothing happens can keep this as its cursor for long; if not, it
  // needs a new one, or other events will make it a lost one.
  bool is_fresh(EventId cursor) const { return history_.is_fresh(cursor.seq); }

  bool sees(Viewer const& viewer, Notification const& notification) const {
    return visibility_.sees(viewer, notification);
  }

  // The state that the viewer may see, and the cursor in it.
  std::string snapshot_json(Viewer const& viewer) { return snapshot_.json(viewer, epoch_); }
  EventId snapshot_cursor() const { return {epoch_, snapshot_.seq()}; }

  Encoder const& encoder() const { return encoder_; }

 private:
  bool needs_marks(Notification const& notification) const;
  std::span<Slot const> owners(Notification const& notification) const;
  std::span<Slot const> echoes(Notification const& notification) const;
  void deliver_one(EventPtr const& event);
  void deliver_many(std::span<EventPtr const> events);
  void deliver_marked(std::span<EventPtr const> events);
  void deliver_rotated(std::span<Slot const> slots, Batch const& batch);
  std::size_t next_start(std::size_t size);
  void mark_all(Notification const& notification, std::uint64_t bit);
  void mark(std::span<Slot const> slots, std::uint64_t bit);

  std::uint32_t epoch_;
  HubOptions const& options_;
  Encoder const& encoder_;
  Delivery& delivery_;
  Visibility visibility_;
  History history_;
  Snapshot snapshot_;
  Subscriptions subscriptions_;
  std::vector<EventPtr> pending_;
  std::vector<std::uint64_t> masks_;  // by slot: which events of the turn it gets
  std::vector<Slot> marked_;          // the slots that have, or had, a mask
  std::uint64_t turns_ = 0;
};

}  // namespace pushlab::server

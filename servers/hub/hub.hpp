#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "servers/event/encoder.hpp"
#include "servers/hub/delivery.hpp"
#include "servers/hub/history.hpp"
#include "servers/hub/snapshot.hpp"
#include "servers/hub/subscriptions.hpp"

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
  Hub(std::uint32_t epoch, HistoryLimits limits, Encoder const& encoder, Delivery& delivery)
      : epoch_(epoch), encoder_(encoder), delivery_(delivery), history_(limits) {}

  // Queues an event for this turn of the loop; events of one turn leave in one write a subscriber.
  // True when a turn has to be scheduled.
  bool publish(EventPtr event);
  void run_turn();

  // The place after the newest delivered event.
  EventId now() const { return {epoch_, history_.last_seq()}; }

  // Nothing asked: live from now. REQUIRES: run_turn() when events are pending.
  Resume resume(std::optional<std::string> const& cursor, Subscription const& subscription) const;

  // A valid cursor of this epoch that this loop has not reached yet, but another one has.
  bool ahead(std::string_view cursor) const;

  std::string snapshot_json(Subscription const& subscription) const {
    return snapshot_.json(subscription, now());
  }

  Subscriptions& subscriptions() { return subscriptions_; }
  Encoder const& encoder() const { return encoder_; }
  History const& history() const { return history_; }

 private:
  void deliver_one(EventPtr const& event);
  void deliver_many(std::span<EventPtr const> events);
  void deliver_rotated(std::span<Slot const> slots, Batch const& batch);
  std::size_t next_start(std::size_t slots);
  void mark(std::span<Slot const> slots, std::uint64_t bit);

  std::uint32_t epoch_;
  Encoder const& encoder_;
  Delivery& delivery_;
  History history_;
  Snapshot snapshot_;
  Subscriptions subscriptions_;
  std::vector<EventPtr> pending_;
  std::vector<std::uint64_t> masks_;  // by slot: which events of the turn it gets
  std::vector<Slot> marked_;          // the slots whose mask is not 0
  std::uint64_t turns_ = 0;
};

}  // namespace pushlab::server

// Who has received what: finds duplicates, disorder and, at the end, losses, exactly.
//
// One bit per (event, client) while an event is incomplete; none before its first delivery and
// after its last. The bits lie by event, not by client: a fan-out walks one short row instead of
// touching every client's memory. Memory: at most clients / 8 bytes per incomplete event.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "loadgen/schedule/audience.hpp"

namespace pushlab::loadgen {

class DeliveryCheck {
 public:
  enum class Verdict : std::uint8_t { first_time, duplicate, unentitled };
  struct Outcome {
    Verdict verdict;
    std::uint32_t count = 0;  // clients that have the event now
    std::optional<std::uint32_t>
        overtaken_by;  // a newer event of the name came to this client before
  };

  // Looks after the clients [first_client, first_client + clients).
  DeliveryCheck(Subscriptions const& subscriptions, ArrivalPlan const& arrivals,
                Audience const& audience, std::uint64_t first_client, std::uint64_t clients);

  Outcome deliver(std::uint64_t client, std::uint32_t event);

  // The newest event of the name that this client has; nothing before the first.
  std::optional<std::uint32_t> newest(std::uint64_t client, std::uint32_t name) const;

  // A snapshot brought this client past an event that is not expected of it.
  void pass_over(std::uint64_t client, std::uint32_t event);
  bool is_absent(std::uint64_t client, std::uint32_t event) const {
    return !absent_.empty() && audience_.is_absent(client, event);
  }

  std::uint32_t name_of(std::uint32_t event) const { return arrivals_.name_of(event); }
  // Of the events from `event` on, each n-th may be of the same name, the others are not.
  std::uint32_t name_stride() const { return arrivals_.name.empty() ? arrivals_.names : 1; }
  std::uint32_t expected(std::uint32_t event) const {
    auto const entitled = expected_[name_of(event)];
    return absent_.empty() ? entitled : entitled - absent_[event];
  }
  std::uint32_t delivered(std::uint32_t event) const {
    return event < events_.size() ? events_[event].count : 0;
  }

 private:
  struct Event {
    std::unique_ptr<std::uint64_t[]> bits;
    std::uint32_t count = 0;
  };

  std::uint32_t* newest_of(std::uint64_t client, std::uint32_t name);
  bool set_bit(Event& event, std::uint64_t local, std::uint32_t expected) const;

  Subscriptions const& subscriptions_;
  ArrivalPlan const& arrivals_;
  Audience const& audience_;
  std::uint64_t first_client_;
  std::uint64_t clients_;
  std::vector<std::uint32_t> expected_;  // by name: entitled clients of ours
  std::vector<std::uint32_t> absent_;    // by event: those of them who are away; empty: nobody
  std::vector<std::uint32_t> newest_;    // by client and subscription: event + 1, 0 = none
  std::deque<Event> events_;
};

}  // namespace pushlab::loadgen

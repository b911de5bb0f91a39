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
    // Set when this was the oldest event of the name that the client lacked: until when its stale
    // time has been counted, for the recorder to move on.
    std::int64_t* stale_until = nullptr;
  };

  // Looks after the clients [first_client, first_client + clients).
  DeliveryCheck(Subscriptions const& subscriptions, ArrivalPlan const& arrivals,
                Audience const& audience, std::uint64_t first_client, std::uint64_t clients);

  Outcome deliver(std::uint64_t client, std::uint32_t event);

  // The newest event of the name that this client has; nothing before the first.
  std::optional<std::uint32_t> newest(std::uint64_t client, std::uint32_t name) const;

  // From where on a snapshot may show what this client lacks of the name: the oldest that it has
  // not got, or behind the newest of one that is not expected to get any.
  std::uint32_t lacking_since(std::uint64_t client, std::uint32_t name) const;
  bool has(std::uint64_t client, std::uint32_t event) const {
    return has_bit(event, client - first_client_);
  }

  // Calls each(event, stale_until) with the oldest event that each (client, name) lacks; it may be
  // one that is still to come, or none at all.
  template <class Each>
  void for_each_lacking(Each&& each) const {
    for (auto const& pair : pairs_) each(pair.lacks, pair.stale_until);
  }

  // A snapshot brought this client past an event that is not expected of it.
  void pass_over(std::uint64_t client, std::uint32_t event);
  bool is_absent(std::uint64_t client, std::uint32_t event) const {
    return event < absent_.size() && audience_.is_absent(client, event);
  }

  std::uint32_t name_of(std::uint32_t event) const { return arrivals_.name_of(event); }
  // Of the events from `event` on, each n-th may be of the same name, the others are not.
  std::uint32_t name_stride() const { return arrivals_.name.empty() ? arrivals_.names : 1; }
  std::uint32_t expected(std::uint32_t event) const {
    auto const entitled = expected_[name_of(event)];
    return absent_.empty() ? entitled : entitled - absent_[event];
  }
  Subscriptions const& subscriptions() const { return subscriptions_; }
  std::uint64_t first_client() const { return first_client_; }
  std::uint64_t clients() const { return clients_; }
  std::uint32_t delivered(std::uint32_t event) const {
    return event < events_.size() ? events_[event].count : 0;
  }

 private:
  static constexpr std::uint32_t no_event = UINT32_MAX;

  struct Event {
    std::unique_ptr<std::uint64_t[]> bits;
    std::uint32_t count = 0;
  };

  struct Pair {  // a client and one of its names
    std::int64_t stale_until = 0;
    std::uint32_t newest = 0;  // event + 1, 0 = none
    std::uint32_t lacks = 0;   // the oldest event it has not got; no_event: none is expected
  };

  Pair* pair_of(std::uint64_t client, std::uint32_t name);
  Pair const* pair_of(std::uint64_t client, std::uint32_t name) const;
  bool has_bit(std::uint32_t event, std::uint64_t local) const;
  // The first event from `event` on of this name that is expected of the client and not there.
  std::uint32_t lacking_from(std::uint32_t event, std::uint64_t client, std::uint32_t name) const;
  bool set_bit(Event& event, std::uint64_t local, std::uint32_t expected) const;

  Subscriptions const& subscriptions_;
  ArrivalPlan const& arrivals_;
  Audience const& audience_;
  std::uint64_t first_client_;
  std::uint64_t clients_;
  std::vector<std::uint32_t> expected_;  // by name: entitled clients of ours
  std::vector<std::uint32_t> absent_;    // by event: those of them who are away; empty: nobody
  std::vector<Pair> pairs_;              // by client and subscription
  std::deque<Event> events_;
};

}  // namespace pushlab::loadgen

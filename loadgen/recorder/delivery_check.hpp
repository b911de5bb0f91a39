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

#include "loadgen/schedule/subscriptions.hpp"

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

  // Looks after the clients [first_client, first_client + clients). Event i carries the name i %
  // names.
  DeliveryCheck(Subscriptions const& subscriptions, std::uint64_t first_client,
                std::uint64_t clients, std::uint32_t names);

  Outcome deliver(std::uint64_t client, std::uint32_t event);

  // The newest event of the name that this client has; nothing before the first.
  std::optional<std::uint32_t> newest(std::uint64_t client, std::uint32_t name) const;

  std::uint32_t names() const { return names_; }
  Subscriptions const& subscriptions() const { return subscriptions_; }
  std::uint64_t first_client() const { return first_client_; }
  std::uint64_t clients() const { return clients_; }
  std::uint32_t expected(std::uint32_t event) const { return expected_[event % names_]; }
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
  std::uint64_t first_client_;
  std::uint64_t clients_;
  std::uint32_t names_;
  std::vector<std::uint32_t> expected_;  // by name: entitled clients of ours
  std::vector<std::uint32_t> newest_;    // by client and subscription: event + 1, 0 = none
  std::deque<Event> events_;
};

}  // namespace pushlab::loadgen

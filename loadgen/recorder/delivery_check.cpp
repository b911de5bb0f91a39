#include "loadgen/recorder/delivery_check.hpp"

#include <algorithm>

namespace pushlab::loadgen {

DeliveryCheck::DeliveryCheck(Subscriptions const& subscriptions, ArrivalPlan const& arrivals,
                             Audience const& audience, std::uint64_t first_client,
                             std::uint64_t clients)
    : subscriptions_(subscriptions),
      arrivals_(arrivals),
      audience_(audience),
      first_client_(first_client),
      clients_(clients),
      expected_(arrivals.names),
      absent_(audience.absent_by_event(first_client, clients)) {
  std::size_t pairs = 0;
  for (auto client = first_client; client < first_client + clients; ++client) {
    for (auto const name : subscriptions.of(client)) {
      if (!audience.is_slow(client)) ++expected_[name];
      ++pairs;
    }
  }
  newest_.resize(pairs);
}

std::uint32_t* DeliveryCheck::newest_of(std::uint64_t client, std::uint32_t name) {
  auto const mine = subscriptions_.of(client);
  for (std::size_t i = 0; i < mine.size(); ++i) {
    if (mine[i] == name) return &newest_[(client - first_client_) * mine.size() + i];
  }
  return nullptr;
}

std::optional<std::uint32_t> DeliveryCheck::newest(std::uint64_t client, std::uint32_t name) const {
  auto const mine = subscriptions_.of(client);
  for (std::size_t i = 0; i < mine.size(); ++i) {
    if (mine[i] != name) continue;
    auto const newest = newest_[(client - first_client_) * mine.size() + i];
    return newest == 0 ? std::nullopt : std::optional(newest - 1);
  }
  return std::nullopt;
}

// False when the bit was set before. The row is dropped with its last bit: from then on all is
// duplicate.
bool DeliveryCheck::set_bit(Event& event, std::uint64_t local, std::uint32_t expected) const {
  if (event.count == expected) return false;
  if (!event.bits) event.bits = std::make_unique<std::uint64_t[]>(clients_ / 64 + 1);
  auto& word = event.bits[local / 64];
  auto const bit = std::uint64_t{1} << (local % 64);
  if ((word & bit) != 0) return false;
  word |= bit;
  if (++event.count == expected) event.bits.reset();
  return true;
}

void DeliveryCheck::pass_over(std::uint64_t client, std::uint32_t event) {
  auto* const newest = newest_of(client, name_of(event));
  if (newest != nullptr) *newest = std::max(*newest, event + 1);
}

DeliveryCheck::Outcome DeliveryCheck::deliver(std::uint64_t client, std::uint32_t event) {
  auto* const newest = newest_of(client, name_of(event));
  if (newest == nullptr) return {Verdict::unentitled, 0, {}};
  while (events_.size() <= event) events_.emplace_back();
  auto& state = events_[event];
  if (!set_bit(state, client - first_client_, expected(event))) {
    return {Verdict::duplicate, state.count, {}};
  }
  if (*newest > event + 1) return {Verdict::first_time, state.count, *newest - 1};
  *newest = event + 1;
  return {Verdict::first_time, state.count, {}};
}

}  // namespace pushlab::loadgen

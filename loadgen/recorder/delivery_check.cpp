#include "loadgen/recorder/delivery_check.hpp"

#include <algorithm>
#include <utility>

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
  for (auto client = first_client; client < first_client + clients; ++client) {
    auto const slow = audience.is_slow(client);
    for (auto const name : subscriptions.of(client)) {
      if (!slow) ++expected_[name];
      auto const first = arrivals.name.empty() ? name : 0;
      pairs_.push_back({0, 0, slow ? no_event : lacking_from(first, client, name)});
    }
  }
}

DeliveryCheck::Pair const* DeliveryCheck::pair_of(std::uint64_t client, std::uint32_t name) const {
  auto const mine = subscriptions_.of(client);
  for (std::size_t i = 0; i < mine.size(); ++i) {
    if (mine[i] == name) return &pairs_[(client - first_client_) * mine.size() + i];
  }
  return nullptr;
}

DeliveryCheck::Pair* DeliveryCheck::pair_of(std::uint64_t client, std::uint32_t name) {
  return const_cast<Pair*>(std::as_const(*this).pair_of(client, name));
}

std::optional<std::uint32_t> DeliveryCheck::newest(std::uint64_t client, std::uint32_t name) const {
  auto const* const pair = pair_of(client, name);
  return pair == nullptr || pair->newest == 0 ? std::nullopt : std::optional(pair->newest - 1);
}

std::uint32_t DeliveryCheck::lacking_since(std::uint64_t client, std::uint32_t name) const {
  auto const* const pair = pair_of(client, name);
  if (pair != nullptr && pair->lacks != no_event) return pair->lacks;
  auto const newest = pair == nullptr ? 0 : pair->newest;
  if (newest > 0) return newest - 1 + name_stride();
  return arrivals_.name.empty() ? name : 0;
}

bool DeliveryCheck::has_bit(std::uint32_t event, std::uint64_t local) const {
  if (event >= events_.size()) return false;
  auto const& state = events_[event];
  if (state.count == expected(event)) return true;
  return state.bits && (state.bits[local / 64] >> (local % 64) & 1) != 0;
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

std::uint32_t DeliveryCheck::lacking_from(std::uint32_t event, std::uint64_t client,
                                          std::uint32_t name) const {
  auto const has_own_names = !arrivals_.name.empty();
  for (;; event += name_stride()) {
    if (has_own_names && event >= arrivals_.name.size()) return no_event;
    if (has_own_names && arrivals_.name[event] != name) continue;
    if (!is_absent(client, event) && !has(client, event)) return event;
  }
}

void DeliveryCheck::pass_over(std::uint64_t client, std::uint32_t event) {
  auto* const pair = pair_of(client, name_of(event));
  if (pair != nullptr) pair->newest = std::max(pair->newest, event + 1);
}

DeliveryCheck::Outcome DeliveryCheck::deliver(std::uint64_t client, std::uint32_t event) {
  auto const name = name_of(event);
  auto* const pair = pair_of(client, name);
  if (pair == nullptr) return {Verdict::unentitled, 0, {}, nullptr};
  while (events_.size() <= event) events_.emplace_back();
  auto& state = events_[event];
  if (!set_bit(state, client - first_client_, expected(event))) {
    return {Verdict::duplicate, state.count, {}, nullptr};
  }
  Outcome out{Verdict::first_time, state.count, {}, nullptr};
  if (pair->newest > event + 1) {
    out.overtaken_by = pair->newest - 1;
  } else {
    pair->newest = event + 1;
  }
  if (event != pair->lacks) return out;
  pair->lacks = lacking_from(event + name_stride(), client, name);
  out.stale_until = &pair->stale_until;
  return out;
}

}  // namespace pushlab::loadgen

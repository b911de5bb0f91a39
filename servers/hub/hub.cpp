#include "servers/hub/hub.hpp"

#include <algorithm>
#include <bit>
#include <unordered_map>

namespace pushlab::server {
namespace {

constexpr std::size_t events_per_write = 64;  // the bits of a mask

}  // namespace

Hub::Hub(std::uint32_t epoch, HubOptions const& options, Encoder const& encoder, Delivery& delivery,
         Snapshot::Clock clock)
    : epoch_(epoch),
      options_(options),
      encoder_(encoder),
      delivery_(delivery),
      visibility_(options),
      history_(options),
      snapshot_(options, {}, std::move(clock)),
      subscriptions_(options) {}

bool Hub::publish(EventPtr event) {
  pending_.push_back(std::move(event));
  return pending_.size() == 1;
}

void Hub::run_turn() {
  std::vector<EventPtr> turn;
  turn.swap(pending_);
  for (std::span<EventPtr const> rest = turn; !rest.empty();) {
    auto const part = rest.first(std::min(rest.size(), events_per_write));
    rest = rest.subspan(part.size());
    for (auto const& event : part) {
      history_.append(event);
      snapshot_.apply(event);
    }
    auto const one = part.size() == 1 && !needs_marks(part.front()->notification);
    one ? deliver_one(part.front()) : deliver_many(part);
  }
  turn.clear();
  if (pending_.empty()) pending_.swap(turn);  // keeps the capacity
}

void Hub::deliver_one(EventPtr const& event) {
  Batch const batch{{&event, 1}, frame_of(event)};
  auto const& name = event->notification.name;
  deliver_rotated(subscriptions_.of(name), batch);
  auto const crowds = subscriptions_.crowds();
  auto const start = crowds.empty() ? 0 : next_start(crowds.size());
  for (std::size_t i = 0; i < crowds.size(); ++i) {
    auto const& crowd = *crowds[(start + i) % crowds.size()];
    if (options_.rules.allows(crowd.audience, name)) deliver_rotated(crowd.slots, batch);
  }
}

// A slot may be found twice for such an event, or be left out.
bool Hub::needs_marks(Notification const& notification) const {
  return !owners(notification).empty() || !echoes(notification).empty();
}

// The slots of the user whose account changed.
std::span<Slot const> Hub::owners(Notification const& notification) const {
  if (!visibility_.is_account(notification)) return {};
  return subscriptions_.of_user(notification.id_text);
}

// The slots that caused the event and need not be told; without the option no slot has an id.
std::span<Slot const> Hub::echoes(Notification const& notification) const {
  if (notification.origin.empty()) return {};
  return subscriptions_.of_connection(notification.origin);
}

// The walk starts elsewhere each time, or the same client would be the last one always.
std::size_t Hub::next_start(std::size_t size) {
  return (++turns_ * 0x9E3779B97F4A7C15ULL >> 32) % size;
}

void Hub::deliver_rotated(std::span<Slot const> slots, Batch const& batch) {
  if (slots.empty()) return;
  auto const start = next_start(slots.size());
  delivery_.deliver(slots.subspan(start), batch);
  if (start > 0) delivery_.deliver(slots.first(start), batch);
}

void Hub::mark(std::span<Slot const> slots, std::uint64_t bit) {
  for (auto const slot : slots) {
    if (masks_.size() <= slot) masks_.resize(slot + 1);
    if (masks_[slot] == 0) marked_.push_back(slot);
    masks_[slot] |= bit;
  }
}

void Hub::mark_all(Notification const& notification, std::uint64_t bit) {
  mark(subscriptions_.of(notification.name), bit);
  for (auto const& crowd : subscriptions_.crowds())
    if (options_.rules.allows(crowd->audience, notification.name)) mark(crowd->slots, bit);
  mark(owners(notification), bit);
}

void Hub::deliver_many(std::span<EventPtr const> events) {
  for (std::size_t i = 0; i < events.size(); ++i)
    mark_all(events[i]->notification, std::uint64_t{1} << i);
  // After the last mark: a slot whose mask is 0 again would be taken for one without a mark.
  for (std::size_t i = 0; i < events.size(); ++i)
    for (auto const slot : echoes(events[i]->notification))
      if (slot < masks_.size()) masks_[slot] &= ~(std::uint64_t{1} << i);
  deliver_marked(events);
}

// Subscribers that get the same events of this turn share one joined frame.
void Hub::deliver_marked(std::span<EventPtr const> events) {
  if (marked_.empty()) return;
  auto const start = static_cast<std::ptrdiff_t>(next_start(marked_.size()));
  std::rotate(marked_.begin(), marked_.begin() + start, marked_.end());
  struct Joined {
    std::vector<EventPtr> events;
    Bytes bytes;
  };
  std::unordered_map<std::uint64_t, Joined> joined;
  auto joined_of = [&](std::uint64_t mask) -> Joined const& {
    auto [found, is_new] = joined.try_emplace(mask);
    if (is_new) {
      auto& group = found->second;
      for (auto bits = mask; bits != 0; bits &= bits - 1)
        group.events.push_back(events[static_cast<std::size_t>(std::countr_zero(bits))]);
      group.bytes = group.events.size() == 1 ? frame_of(group.events.front())
                                             : owned(encoder_.join(epoch_, group.events));
    }
    return found->second;
  };
  for (auto at = marked_.begin(); at != marked_.end();) {
    auto const mask = masks_[*at];
    auto const end = std::find_if(at, marked_.end(), [&](Slot s) { return masks_[s] != mask; });
    if (mask != 0) {
      auto const& group = joined_of(mask);
      delivery_.deliver({at, end}, {group.events, group.bytes});
    }
    at = end;
  }
  for (auto const slot : marked_) masks_[slot] = 0;
  marked_.clear();
}

Resume Hub::resume(std::optional<std::string> const& cursor, Viewer const& viewer) const {
  if (!cursor) return {false, now(), {}};
  auto const id = parse_event_id(*cursor);
  if (!id || id->epoch != epoch_) return {true, now(), {}};
  auto missed = history_.missed(id->seq, viewer);
  if (!missed) return {true, now(), {}};
  return {false, *id, std::move(*missed)};
}

bool Hub::ahead(std::string_view cursor) const {
  auto const id = parse_event_id(cursor);
  return id && id->epoch == epoch_ && id->seq > history_.last_seq();
}

}  // namespace pushlab::server

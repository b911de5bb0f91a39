#include "servers/hub/history.hpp"

#include <algorithm>
#include <cassert>

namespace pushlab::server {
namespace {

// Collects what a viewer missed, from one shelf after the other.
struct Gathering {
  Visibility const& visibility;
  Viewer const& viewer;
  std::uint64_t seq;
  bool complete = true;
  std::vector<EventPtr> events = {};

  void take(Shelf const& shelf) {
    if (seq < shelf.evicted_through) complete = false;
    for (auto at = shelf.events.rbegin(); at != shelf.events.rend() && at->event->seq > seq; ++at)
      if (!visibility.is_echo(viewer, at->event->notification)) events.push_back(at->event);
  }

  void take(Shelves const& shelves, std::string_view key) {
    if (auto const* shelf = shelves.find(key)) return take(*shelf);
    if (seq < shelves.floor()) complete = false;
  }

  // Those that changed are the last ones.
  template <class MaySee>
  void take_all(Shelves const& shelves, MaySee may_see) {
    if (seq < shelves.floor()) complete = false;
    auto const& all = shelves.by_change();
    for (auto at = all.rbegin(); complete && at != all.rend() && at->last_seq > seq; ++at)
      if (may_see(at->key)) take(*at);
  }
};

}  // namespace

History::History(HubOptions const& options)
    : options_(options),
      limits_(options.history),
      visibility_(options),
      names_(limits_.emptied),
      accounts_(limits_.emptied) {
  // An event that fits nowhere goes alone.
  limits_.name_events = std::min(limits_.name_events, limits_.events);
  limits_.name_bytes = std::min(limits_.name_bytes, limits_.bytes);
}

void History::append(EventPtr event) {
  assert(event->seq == last_seq_ + 1);
  last_seq_ = event->seq;
  auto const bytes = event->bytes();
  auto const& n = event->notification;
  auto& shelf = visibility_.is_account(n) ? accounts_.put(n.id_text, last_seq_)
                                          : names_.put(n.name, last_seq_);
  shelf.bytes += bytes;
  bytes_ += bytes;
  shelf.events.push_back({std::move(event), order_.insert(order_.end(), &shelf)});
  while (shelf.events.size() > limits_.name_events || shelf.bytes > limits_.name_bytes)
    evict_oldest_of(shelf);
  while (order_.size() > limits_.events || bytes_ > limits_.bytes) evict_oldest_of(*order_.front());
  names_.forget_some();
  accounts_.forget_some();
}

void History::evict_oldest_of(Shelf& shelf) {
  auto const& oldest = shelf.events.front();
  auto const bytes = oldest.event->bytes();
  shelf.evicted_through = oldest.event->seq;
  shelf.bytes -= bytes;
  bytes_ -= bytes;
  order_.erase(oldest.place);
  shelf.events.pop_front();
  if (shelf.events.empty()) shelf.home->emptied(shelf);
}

std::optional<std::vector<EventPtr>> History::missed(std::uint64_t seq,
                                                     Viewer const& viewer) const {
  if (seq > last_seq_) return std::nullopt;
  auto const& account_event = options_.account_event;
  auto const allowed = [&](std::string_view name) {
    return options_.rules.allows(viewer.audience, name);
  };
  Gathering gathering{visibility_, viewer, seq};
  if (viewer.subscription.all)
    gathering.take_all(names_, allowed);
  else
    for (auto const& name : viewer.subscription.names)
      if (name != account_event && allowed(name)) gathering.take(names_, name);
  if (visibility_.by_right(viewer, account_event))
    gathering.take_all(accounts_, [](std::string_view) { return true; });
  else if (!viewer.user.empty())
    gathering.take(accounts_, viewer.user);
  if (!gathering.complete) return std::nullopt;
  auto& events = gathering.events;
  std::sort(events.begin(), events.end(),
            [](EventPtr const& a, EventPtr const& b) { return a->seq < b->seq; });
  return std::move(events);
}

}  // namespace pushlab::server

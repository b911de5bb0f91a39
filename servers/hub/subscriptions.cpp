#include "servers/hub/subscriptions.hpp"

#include <algorithm>

#include "servers/http/query.hpp"

namespace pushlab::server {

bool Subscription::covers(std::string_view name) const {
  return all || std::find(names.begin(), names.end(), name) != names.end();
}

void add_names(Subscription& subscription, std::string_view events_parameter) {
  while (!events_parameter.empty() && subscription.names.size() <= max_subscribed_names) {
    auto const end = std::min(events_parameter.find(','), events_parameter.size());
    auto name = percent_decoded(events_parameter.substr(0, end));
    events_parameter.remove_prefix(std::min(end + 1, events_parameter.size()));
    if (name == "*")
      subscription.all = true;
    else if (!name.empty() && !subscription.covers(name))
      subscription.names.push_back(std::move(name));
  }
}

void Subscriptions::add(Slot slot, Subscription const& subscription) {
  if (subscription.all) return join(slot, all_);
  for (auto const& name : subscription.names) {
    auto found = topics_.find(name);
    if (found == topics_.end())
      found = topics_.emplace(name, std::make_unique<Topic>(Topic{name, {}})).first;
    join(slot, *found->second);
  }
}

void Subscriptions::join(Slot slot, Topic& topic) {
  if (memberships_.size() <= slot) memberships_.resize(slot + 1);
  memberships_[slot].push_back({&topic, static_cast<std::uint32_t>(topic.slots.size())});
  topic.slots.push_back(slot);
}

void Subscriptions::remove(Slot slot) {
  if (memberships_.size() <= slot) return;
  auto const memberships = std::move(memberships_[slot]);
  memberships_[slot] = {};
  for (auto const& membership : memberships) leave(membership);
}

void Subscriptions::leave(Membership const& membership) {
  auto& slots = membership.topic->slots;
  auto const moved = slots.back();
  slots[membership.position] = moved;
  slots.pop_back();
  for (auto& other : memberships_[moved])
    if (other.topic == membership.topic) other.position = membership.position;
  if (slots.empty() && membership.topic != &all_)
    topics_.erase(topics_.find(membership.topic->name));
}

std::span<Slot const> Subscriptions::of(std::string_view name) const {
  auto const found = topics_.find(name);
  if (found == topics_.end()) return {};
  return found->second->slots;
}

}  // namespace pushlab::server

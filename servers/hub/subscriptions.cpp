#include "servers/hub/subscriptions.hpp"

#include <algorithm>
#include <tuple>

#include "servers/http/query.hpp"
#include "servers/hub/viewer.hpp"

namespace pushlab::server {

bool Subscription::covers(std::string_view name) const {
  return all || std::find(names.begin(), names.end(), name) != names.end();
}

void add_names(Subscription& subscription, std::string_view events_parameter,
               std::size_t max_names) {
  while (!events_parameter.empty() && subscription.names.size() <= max_names) {
    auto const end = std::min(events_parameter.find(','), events_parameter.size());
    auto name = percent_decoded(events_parameter.substr(0, end));
    events_parameter.remove_prefix(std::min(end + 1, events_parameter.size()));
    if (name == "*")
      subscription.all = true;
    else if (!name.empty() && !subscription.covers(name))
      subscription.names.push_back(std::move(name));
  }
}

void Subscriptions::add(Slot slot, Viewer const& viewer) {
  if (viewer.subscription.all)
    join(slot, crowd_of(viewer.audience));
  else
    for (auto const& name : viewer.subscription.names) join(slot, names_, name);
  if (!viewer.user.empty()) join(slot, users_, viewer.user);
  if (options_.leave_out_origin && !viewer.connection.empty())
    join(slot, connections_, viewer.connection);
}

// Where everybody may have everything there is one crowd.
Group& Subscriptions::crowd_of(Audience const& audience) {
  auto const& wanted = options_.rules.is_open() ? Audience{} : audience;
  auto const rank = [](Audience const& one) { return std::tie(one.authenticated, one.roles); };
  auto at = std::lower_bound(crowds_.begin(), crowds_.end(), wanted,
                             [&](auto const& crowd, Audience const& other) {
                               return rank(crowd->audience) < rank(other);
                             });
  if (at == crowds_.end() || (*at)->audience != wanted)
    at = crowds_.insert(at, std::make_unique<Crowd>(Crowd{{}, wanted}));
  return **at;
}

void Subscriptions::join(Slot slot, Group::Home& home, std::string_view key) {
  auto found = home.find(key);
  if (found == home.end()) {
    auto made = std::make_unique<Group>(Group{std::string{key}, &home});
    std::string_view const own_key = made->key;
    found = home.emplace(own_key, std::move(made)).first;
  }
  join(slot, *found->second);
}

void Subscriptions::join(Slot slot, Group& group) {
  if (memberships_.size() <= slot) memberships_.resize(slot + 1);
  memberships_[slot].push_back({&group, static_cast<std::uint32_t>(group.slots.size())});
  group.slots.push_back(slot);
}

void Subscriptions::remove(Slot slot) {
  if (memberships_.size() <= slot) return;
  auto const memberships = std::move(memberships_[slot]);
  memberships_[slot] = {};
  for (auto const& membership : memberships) leave(membership);
}

void Subscriptions::leave(Membership const& membership) {
  auto& slots = membership.group->slots;
  auto const moved = slots.back();
  slots[membership.position] = moved;
  slots.pop_back();
  for (auto& other : memberships_[moved])
    if (other.group == membership.group) other.position = membership.position;
  if (slots.empty()) dissolve(*membership.group);
}

void Subscriptions::dissolve(Group const& group) {
  if (group.home)
    group.home->erase(group.home->find(group.key));
  else
    std::erase_if(crowds_, [&](auto const& crowd) { return crowd.get() == &group; });
}

std::span<Slot const> Subscriptions::slots_of(Group::Home const& home, std::string_view key) {
  auto const found = home.find(key);
  if (found == home.end()) return {};
  return found->second->slots;
}

}  // namespace pushlab::server

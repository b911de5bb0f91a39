#include "servers/hub/snapshot.hpp"

namespace pushlab::server {
namespace {

std::string resource_of(Notification const& n) {
  return n.name + '\0' + n.id;
}

}  // namespace

void Snapshot::apply(EventPtr const& event) {
  auto const key = resource_of(event->notification);
  if (auto const known = by_resource_.find(key); known != by_resource_.end()) {
    newest_.erase(known->second);
    by_resource_.erase(known);
  }
  if (event->notification.type == "delete") return;
  by_resource_.emplace(key, newest_.insert(newest_.end(), event));
  if (newest_.size() > max_resources_) {
    by_resource_.erase(resource_of(newest_.front()->notification));
    newest_.pop_front();
  }
}

std::string Snapshot::json(Subscription const& subscription, EventId cursor) const {
  std::string text = R"({"cursor":")" + to_string(cursor) + R"(","state":[)";
  bool first = true;
  for (auto const& event : newest_) {
    if (!subscription.covers(event->notification.name)) continue;
    if (!first) text += ',';
    first = false;
    text += event->notification.body;
  }
  return text + "]}";
}

}  // namespace pushlab::server

#include "servers/hub/snapshot.hpp"

namespace pushlab::server {

// 1 and "1" are two resources; but a user's account is one, however its id is written.
std::string Snapshot::resource_of(Notification const& n) const {
  return n.name + '\0' + (visibility_.is_account(n) ? n.id_text : n.id);
}

void Snapshot::apply(EventPtr event) {
  if (delay_.count() == 0) return show(event);
  auto const now = clock_();
  waiting_bytes_ += event->bytes();
  waiting_.push_back({now + delay_, std::move(event)});
  while (waiting_.size() > limits_.waiting || waiting_bytes_ > limits_.bytes) show_next();
  show_due(now);
}

void Snapshot::show_due(Time now) {
  while (!waiting_.empty() && waiting_.front().until <= now) show_next();
}

void Snapshot::show_next() {
  auto const event = std::move(waiting_.front().event);
  waiting_.pop_front();
  waiting_bytes_ -= event->bytes();
  show(event);
}

void Snapshot::show(EventPtr const& event) {
  seq_ = event->seq;
  auto const resource = resource_of(event->notification);
  forget(resource);
  if (event->notification.type == "delete" || event->bytes() > limits_.bytes) return;
  by_resource_.emplace(resource, newest_.insert(newest_.end(), event));
  bytes_ += event->bytes();
  while (newest_.size() > limits_.resources || bytes_ > limits_.bytes)
    forget(resource_of(newest_.front()->notification));
}

void Snapshot::forget(std::string const& resource) {
  auto const known = by_resource_.find(resource);
  if (known == by_resource_.end()) return;
  bytes_ -= (*known->second)->bytes();
  newest_.erase(known->second);
  by_resource_.erase(known);
}

std::string Snapshot::json(Viewer const& viewer, std::uint32_t epoch) {
  if (!waiting_.empty()) show_due(clock_());
  auto text = R"({"cursor":")" + to_string(EventId{epoch, seq_}) + R"(","state":[)";
  bool first = true;
  for (auto const& event : newest_) {
    if (!visibility_.shows(viewer, event->notification)) continue;
    if (!first) text += ',';
    first = false;
    text += event->notification.body;
  }
  return text + "]}";
}

}  // namespace pushlab::server

#include "servers/net/conflating_queue.hpp"

namespace pushlab::server {

bool ConflatingQueue::push(EventPtr event) {
  Resource const resource{event->notification.name, event->notification.id};
  auto const older = by_resource_.find(resource);
  auto const is_known = older != by_resource_.end();
  auto const freed = is_known ? (*older->second)->frame.size() : 0;
  if (bytes_ - freed + event->frame.size() > limit_bytes_) return false;
  bytes_ += event->frame.size() - freed;
  if (is_known) {
    ++dropped_;
    auto const at = older->second;
    by_resource_.erase(older);  // before the event that its key looks into
    newest_.erase(at);
  }
  by_resource_.emplace(resource, newest_.insert(newest_.end(), std::move(event)));
  return true;
}

}  // namespace pushlab::server

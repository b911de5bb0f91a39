#include "servers/hub/broker.hpp"

#include "servers/event/json_member.hpp"

namespace pushlab::server {
namespace {

void keep_data_back(Notification& notification) {
  auto rest = without_member(notification.body, "data");
  if (rest.size() < notification.body.size()) notification.without_data = std::move(rest);
}

}  // namespace

std::uint64_t Broker::publish(Notification notification) {
  auto const seq = last_seq() + 1;
  if (refresh_) keep_data_back(notification);
  auto event = std::make_shared<Event>();
  event->seq = seq;
  event->frame = encoder_.frame({epoch_, seq}, notification);
  event->notification = std::move(notification);
  // A client may show this number to another loop before that loop has the event; it is told
  // apart from a number that nobody gave by this one.
  last_seq_.store(seq, std::memory_order_release);
  EventPtr const shared = std::move(event);
  for (auto const& hop : hops_) hop(shared);
  return seq;
}

}  // namespace pushlab::server

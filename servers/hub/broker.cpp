#include "servers/hub/broker.hpp"

namespace pushlab::server {

std::uint64_t Broker::publish(Notification notification) {
  auto const seq = last_seq() + 1;
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

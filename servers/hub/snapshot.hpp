#pragma once
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "servers/event/event.hpp"
#include "servers/event/event_id.hpp"
#include "servers/hub/subscriptions.hpp"

namespace pushlab::server {

// The current state: the newest notification of every resource (name and id), bounded in number by
// forgetting the resource that has been quiet longest. Belongs to one loop's thread.
class Snapshot {
 public:
  explicit Snapshot(std::size_t max_resources = 10'000) : max_resources_(max_resources) {}

  void apply(EventPtr const& event);  // type "delete" removes the resource

  // `{"cursor":"<cursor>","state":[<body>,...]}` of the subscribed names, oldest change first.
  std::string json(Subscription const& subscription, EventId cursor) const;

  std::size_t resources() const { return newest_.size(); }

 private:
  std::size_t max_resources_;
  std::list<EventPtr> newest_;  // in the order of their last change
  std::unordered_map<std::string, std::list<EventPtr>::iterator> by_resource_;
};

}  // namespace pushlab::server

#pragma once
#include <string>

#include "servers/hub/access_rules.hpp"
#include "servers/hub/subscriptions.hpp"

namespace pushlab::server {

// One connection as the hub sees it: what it asked for and what it may have.
struct Viewer {
  Subscription subscription;
  Audience audience = {};
  std::string user = {};        // gets the changes of this account, subscribed or not; empty: none
  std::string connection = {};  // its id: what `origin` names in an echo of its own doing

  friend bool operator==(Viewer const&, Viewer const&) = default;
};

}  // namespace pushlab::server

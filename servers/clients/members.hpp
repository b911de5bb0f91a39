#pragma once
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "servers/auth/authenticator.hpp"
#include "servers/hub/subscriptions.hpp"
#include "servers/net/connection_quota.hpp"
#include "servers/net/counters.hpp"

namespace pushlab::server {

// The connections of this loop that belong to somebody: what a user's quota and the end of a
// session refer to. The anonymous leave no trace here.
class Members {
 public:
  Members(Authenticator& authenticator, ConnectionQuota& per_user, Counters& counters,
          std::function<void(Slot)> revoke);

  // The connection in that slot is this one's from now on, whoever's it was before. False, and
  // nobody's, when the user has too many connections.
  bool join(Slot slot, Identity const& identity);
  void leave(Slot slot);

  std::size_t size() const { return members_.size(); }

 private:
  void revoke(Revocation const& revocation);

  Authenticator& authenticator_;
  ConnectionQuota& per_user_;
  Counters& counters_;
  std::function<void(Slot)> revoke_slot_;
  std::unordered_map<Slot, Identity> members_;
  std::unordered_map<std::string, std::vector<Slot>> by_session_;
};

}  // namespace pushlab::server

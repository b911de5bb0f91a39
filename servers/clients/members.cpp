#include "servers/clients/members.hpp"

#include <algorithm>

namespace pushlab::server {

Members::Members(Authenticator& authenticator, ConnectionQuota& per_user, Counters& counters,
                 std::function<void(Slot)> revoke)
    : authenticator_(authenticator),
      per_user_(per_user),
      counters_(counters),
      revoke_slot_(std::move(revoke)) {
  authenticator_.on_revocation([this](Revocation const& revocation) { this->revoke(revocation); });
}

bool Members::join(Slot slot, Identity const& identity) {
  if (auto const known = members_.find(slot); known != members_.end()) {
    if (known->second == identity) return true;
    leave(slot);
  }
  if (identity.is_anonymous()) return true;
  if (!per_user_.take(identity.user)) return false;
  members_.emplace(slot, identity);
  if (!identity.session.empty()) {
    by_session_[identity.session].push_back(slot);
    authenticator_.watch(identity.session);
  }
  return true;
}

void Members::leave(Slot slot) {
  auto const member = members_.extract(slot);
  if (member.empty()) return;
  auto const& [user, roles, session] = member.mapped();
  per_user_.release(user);
  if (session.empty()) return;
  auto const fellows = by_session_.find(session);
  std::erase(fellows->second, slot);
  if (fellows->second.empty()) by_session_.erase(fellows);
  authenticator_.unwatch(session);
}

// They leave at once: a poller that stays connected joins again with its next request, and then its
// session is looked at anew.
void Members::revoke(Revocation const& revocation) {
  auto const found = by_session_.find(revocation.session);
  if (found == by_session_.end()) return;
  auto const slots = found->second;
  auto& delays = revocation.source == RevocationSource::pushed ? counters_.revocation_pushed
                                                               : counters_.revocation_rechecked;
  for (auto const slot : slots) {
    delays.observe(revocation.delay_ns);
    leave(slot);
    revoke_slot_(slot);
  }
}

}  // namespace pushlab::server

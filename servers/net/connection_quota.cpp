#include "servers/net/connection_quota.hpp"

namespace pushlab::server {

bool ConnectionQuota::take(std::string const& key) {
  if (!is_limited()) return true;
  std::scoped_lock const lock{mutex_};
  auto const [entry, is_new] = taken_.try_emplace(key, 0);
  if (entry->second >= limit_) return false;
  ++entry->second;
  return true;
}

void ConnectionQuota::release(std::string const& key) {
  if (!is_limited()) return;
  std::scoped_lock const lock{mutex_};
  auto const entry = taken_.find(key);
  if (--entry->second == 0) taken_.erase(entry);
}

std::size_t ConnectionQuota::keys() const {
  std::scoped_lock const lock{mutex_};
  return taken_.size();
}

}  // namespace pushlab::server

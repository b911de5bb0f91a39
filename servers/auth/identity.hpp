#pragma once
#include <algorithm>
#include <string>
#include <vector>

namespace pushlab::server {

// Who a client turned out to be.
struct Identity {
  std::string user;                // empty: anonymous
  std::vector<std::string> roles;  // sorted, each once
  std::string session;             // what has to last as long as the connection; empty: nothing

  bool is_anonymous() const { return user.empty(); }
  friend bool operator==(Identity const&, Identity const&) = default;
};

// As Identity keeps them.
inline std::vector<std::string> sorted_roles(std::vector<std::string> roles) {
  std::sort(roles.begin(), roles.end());
  roles.erase(std::unique(roles.begin(), roles.end()), roles.end());
  return roles;
}

}  // namespace pushlab::server

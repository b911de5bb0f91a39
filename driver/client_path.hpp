#pragma once

#include <memory>
#include <string>
#include <vector>

#include "driver/scenario.hpp"
#include "driver/target_hold.hpp"

namespace pushlab::driver {

// What stands between the clients of a scenario and its server: the network, then the proxy.
// Notifications go to the server straight.
class ClientPath {
 public:
  // Throws InputError, TargetError.
  ClientPath(Scenario const& scenario, std::string const& server_base);

  std::string const& client_base() const { return client_base_; }

 private:
  std::vector<std::unique_ptr<TargetHold>> between_;
  std::string client_base_;
};

// The relay before this address, "host:port", as a target is started.
Target relay_target(Scenario::Network const& network, std::uint64_t seed, std::string const& to);

}  // namespace pushlab::driver

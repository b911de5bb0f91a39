#pragma once
#include <chrono>
#include <cstddef>
#include <string>

#include "servers/hub/access_rules.hpp"

namespace pushlab::server {

// What is kept for resuming clients, on each loop.
struct HistoryLimits {
  std::size_t events = 10'000;  // in all
  std::size_t bytes = 16U << 20;
  std::size_t name_events = 1000;  // of one name, or of one user's account
  std::size_t name_bytes = 4U << 20;
  std::size_t emptied = 4096;  // names, and accounts, that are remembered without an event
};

// What every loop's hub does alike.
struct HubOptions {
  HistoryLimits history = {};
  std::string account_event = "user";  // goes to all connections of the user whose id it carries
  bool leave_out_origin = false;       // the connection named in `origin` does not get the event
  std::chrono::milliseconds snapshot_delay{0};  // the snapshot shows an event this much later
  AccessRules rules = {};
};

}  // namespace pushlab::server

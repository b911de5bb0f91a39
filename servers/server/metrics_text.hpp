#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "servers/net/counters.hpp"

namespace pushlab::server {

// What is known of the whole server, not of one loop.
struct ServerFacts {
  std::string_view name;
  std::uint64_t published = 0;
  bool can_authenticate = true;
};

// Prometheus text format 0.0.4 of the counters of all loops, added up.
std::string metrics_text(ServerFacts const& server, std::vector<Counters const*> const& loops);

}  // namespace pushlab::server

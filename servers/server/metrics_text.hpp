#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "servers/net/counters.hpp"

namespace pushlab::server {

// Prometheus text format 0.0.4 of the counters of all loops, added up.
std::string metrics_text(std::string_view server, std::vector<Counters const*> const& loops,
                         std::uint64_t published);

}  // namespace pushlab::server

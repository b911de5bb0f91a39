#include "servers/server/end_log.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace pushlab::server {

OnEnd end_log(ServerOptions const& options) {
  if (!options.log_ends) return nullptr;
  return [](EndReason reason, std::string_view peer) {
    // In one call, so that the lines of several loops do not mix.
    fmt::print(stderr, "debug: connection from {} ended: {}\n", peer, to_string(reason));
  };
}

}  // namespace pushlab::server

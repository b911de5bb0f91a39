#pragma once
#include "servers/net/guests.hpp"
#include "servers/server/options.hpp"

namespace pushlab::server {

// With log_level = "debug": a line on stderr for each connection that ended; else nothing at all.
OnEnd end_log(ServerOptions const& options);

}  // namespace pushlab::server

#pragma once
#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>

#include "servers/auth/auth_options.hpp"
#include "servers/auth/authenticator.hpp"
#include "servers/auth/redis_outage.hpp"
#include "servers/auth/ticket_box.hpp"

namespace pushlab::server {

// What the authenticators of all loops have in common; outlives them.
struct AuthShared {
  TicketBox tickets{};
  RedisOutage outage;
};

// What makes the options unusable, as one sentence; nothing: they are fine.
std::optional<std::string> fault_in(AuthOptions const& options);

// One for each loop, on its context. The options have to be without fault.
std::unique_ptr<Authenticator> make_authenticator(AuthOptions const& options,
                                                  boost::asio::io_context& io, AuthShared& shared);

}  // namespace pushlab::server

#include "servers/auth/no_authenticator.hpp"

namespace pushlab::server {

void NoAuthenticator::identify(Credential const&, std::function<void(AuthVerdict)> done) {
  done(Identity{});
}

void NoAuthenticator::issue_ticket(Credential const&, std::function<void(TicketVerdict)> done) {
  done(AuthRefusal{404, "This server asks for no credentials, so it gives no tickets."});
}

}  // namespace pushlab::server

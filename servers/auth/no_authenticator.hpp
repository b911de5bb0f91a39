#pragma once
#include "servers/auth/authenticator.hpp"

namespace pushlab::server {

// Everybody is anonymous, whatever they show: a browser sends the cookies of other programs, too.
class NoAuthenticator : public Authenticator {
 public:
  void identify(Credential const& credential, std::function<void(AuthVerdict)> done) override;
  void issue_ticket(Credential const& credential, std::function<void(TicketVerdict)> done) override;
};

}  // namespace pushlab::server

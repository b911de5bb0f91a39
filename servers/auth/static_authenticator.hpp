#pragma once
#include <array>

#include "servers/auth/auth_options.hpp"
#include "servers/auth/authenticator.hpp"
#include "servers/auth/ticket_box.hpp"

namespace pushlab::server {

// Knows the API keys of the configuration, which nobody can revoke, and no sessions.
class StaticAuthenticator : public Authenticator {
 public:
  StaticAuthenticator(AuthOptions const& options, TicketBox& tickets);

  void identify(Credential const& credential, std::function<void(AuthVerdict)> done) override;
  void issue_ticket(Credential const& credential, std::function<void(TicketVerdict)> done) override;

 private:
  using Digest = std::array<unsigned char, 32>;
  struct Key {
    Digest digest;
    Identity identity;
  };
  AuthVerdict verdict_on(Credential const& credential) const;
  static Digest digest_of(std::string const& key);

  std::vector<Key> keys_;
  std::uint32_t ticket_s_;
  TicketBox& tickets_;
};

}  // namespace pushlab::server

#include "servers/auth/static_authenticator.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "servers/auth/auth_refusals.hpp"

namespace pushlab::server {

StaticAuthenticator::StaticAuthenticator(AuthOptions const& options, TicketBox& tickets)
    : ticket_s_(options.ticket_s), tickets_(tickets) {
  for (auto const& key : options.keys)
    keys_.push_back({digest_of(key.key), {key.user, sorted_roles(key.roles), {}}});
}

// Digests are of one length and tell nothing of a key's beginning, so comparing them takes as long
// for a wrong key as for a nearly right one.
StaticAuthenticator::Digest StaticAuthenticator::digest_of(std::string const& key) {
  Digest digest;
  ::SHA256(reinterpret_cast<unsigned char const*>(key.data()), key.size(), digest.data());
  return digest;
}

AuthVerdict StaticAuthenticator::verdict_on(Credential const& credential) const {
  if (credential.kind == Credential::Kind::none) return Identity{};
  if (credential.value.empty()) return malformed_credential();
  if (credential.kind == Credential::Kind::session)
    return AuthRefusal{401, "This server knows no sessions: show an API key."};
  auto const shown = digest_of(credential.value);
  Identity const* found = nullptr;
  for (auto const& key : keys_)
    if (::CRYPTO_memcmp(key.digest.data(), shown.data(), shown.size()) == 0) found = &key.identity;
  if (found == nullptr) return AuthRefusal{401, "This API key is not known."};
  return *found;
}

void StaticAuthenticator::identify(Credential const& credential,
                                   std::function<void(AuthVerdict)> done) {
  if (credential.kind != Credential::Kind::ticket) return done(verdict_on(credential));
  auto const stands_for = tickets_.take(credential.value);
  if (!stands_for) return done(unknown_ticket());
  done(verdict_on(*stands_for));
}

void StaticAuthenticator::issue_ticket(Credential const& credential,
                                       std::function<void(TicketVerdict)> done) {
  using Kind = Credential::Kind;
  if (credential.kind == Kind::none || credential.kind == Kind::ticket)
    return done(no_ticket_for_that());
  auto const verdict = verdict_on(credential);
  if (auto const* refusal = std::get_if<AuthRefusal>(&verdict)) return done(*refusal);
  auto ticket = tickets_.put(credential, std::chrono::seconds{ticket_s_});
  if (!ticket) return done(AuthRefusal{503, "Too many tickets are out: ask again.", 1});
  done(Ticket{*std::move(ticket), ticket_s_});
}

}  // namespace pushlab::server

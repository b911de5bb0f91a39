#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <variant>

#include "servers/auth/credential.hpp"
#include "servers/auth/identity.hpp"

namespace pushlab::server {

// Why somebody is not let in: 401 the credential is missing or not known, 403 it is known and not
// enough, 503 nobody can tell just now.
struct AuthRefusal {
  int status = 401;
  std::string detail;               // one sentence
  std::uint32_t retry_after_s = 0;  // with 503
};
using AuthVerdict = std::variant<Identity, AuthRefusal>;

// A short-lived stand-in for a credential, good for one request.
struct Ticket {
  std::string text;
  std::uint32_t expires_in_s = 0;
};
using TicketVerdict = std::variant<Ticket, AuthRefusal>;

// How it was learnt that a session is over.
enum class RevocationSource { pushed, rechecked };

struct Revocation {
  std::string session;  // Identity::session
  RevocationSource source = RevocationSource::pushed;
  std::uint64_t delay_ns = 0;  // since the end as far as known; see RedisAuthenticator
};

// Tells who a client is. One object a loop; every call, and every call back, is on that loop's
// thread.
class Authenticator {
 public:
  virtual ~Authenticator() = default;

  // `done` is called exactly once, perhaps before this returns, and always in bounded time. Without
  // a credential the answer is an anonymous identity: what that may do is not decided here.
  virtual void identify(Credential const& credential, std::function<void(AuthVerdict)> done) = 0;

  // A ticket for that credential, under the same terms; 401 for one that is not good itself.
  virtual void issue_ticket(Credential const& credential,
                            std::function<void(TicketVerdict)> done) = 0;

  // From watch() to unwatch() the end of that session is told, once. Whoever watches the same
  // session for several connections calls each once.
  virtual void watch(std::string const& /*session*/) {}
  virtual void unwatch(std::string const& /*session*/) {}

  // Whether credentials can be told just now. Any thread.
  virtual bool is_available() const { return true; }

  void on_revocation(std::function<void(Revocation const&)> call) { revoked_ = std::move(call); }

 protected:
  std::function<void(Revocation const&)> revoked_ = [](Revocation const&) {};
};

}  // namespace pushlab::server

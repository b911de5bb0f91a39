#pragma once
#include "servers/auth/auth_options.hpp"
#include "servers/auth/authenticator.hpp"
#include "servers/auth/redis_link.hpp"
#include "servers/auth/revocation_feed.hpp"
#include "servers/auth/session_watch.hpp"

namespace pushlab::server {

class RedisOutage;

// Looks sessions, API keys and tickets up in Redis (6.2 or later, for GETDEL). What has to last is
// the key in Redis; deleting it revokes. How long a revocation took, Revocation::delay_ns:
//   pushed     from the arrival of what Redis said to the call; a changed value is looked at
//   between rechecked  since the last look that still found it, watch() counting as one: an upper
//   bound
class RedisAuthenticator final : public Authenticator {
 public:
  RedisAuthenticator(AuthOptions const& options, boost::asio::io_context& io, RedisOutage& outage);

  void identify(Credential const& credential, std::function<void(AuthVerdict)> done) override;
  void issue_ticket(Credential const& credential, std::function<void(TicketVerdict)> done) override;
  void watch(std::string const& session) override;
  void unwatch(std::string const& session) override;
  bool is_available() const override { return commands_.connected(); }

 private:
  void redeem(std::string const& ticket, std::function<void(AuthVerdict)> done);
  void look_up(Credential const& credential, std::function<void(AuthVerdict)> done);
  void look_up_key(std::string const& key, std::function<void(AuthVerdict)> done);
  void store_ticket(Credential const& credential, std::function<void(TicketVerdict)> done);

  RevocationFeed::Listener listener();
  void on_key_event(std::string const& key, std::string const& event);
  void on_order(std::string const& message);

  AuthOptions const options_;
  SessionWatch watch_;
  RedisLink commands_;
  RevocationFeed feed_;
};

}  // namespace pushlab::server

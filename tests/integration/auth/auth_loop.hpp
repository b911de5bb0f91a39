#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "servers/auth/make_authenticator.hpp"
#include "tests/integration/redis_process.hpp"

namespace pushlab::test {

// Turns an event loop until it is so; throws at a deadline of 10 s.
void run_until(boost::asio::io_context& io, std::function<bool()> const& is_so,
               std::string const& what);

server::AuthOptions redis_auth(std::string const& address);

// An event loop with an authenticator, turned only while the test waits for something.
class AuthLoop {
 public:
  explicit AuthLoop(server::AuthOptions const& options);
  explicit AuthLoop(RedisProcess const& redis) : AuthLoop(redis_auth(redis.address())) {}

  server::AuthVerdict identify(server::Credential const& credential);
  server::TicketVerdict issue_ticket(server::Credential const& credential);

  // By the id of a session: who it belongs to, or the status of the refusal.
  std::string user_of_session(std::string const& id);

  // Lets somebody in with a session and watches it; returns its key.
  std::string watch_session(std::string const& id);

  void run_until(std::function<bool()> const& is_so, std::string const& what);
  void run_for(std::chrono::milliseconds time);

  // Waits for so many revocations in all, and returns the last.
  server::Revocation revocation(std::size_t count = 1);

  boost::asio::io_context io;
  server::AuthShared shared;
  std::unique_ptr<server::Authenticator> authenticator;
  std::vector<server::Revocation> revocations;
};

template <typename Verdict>
int status(Verdict const& verdict) {
  auto const* refusal = std::get_if<server::AuthRefusal>(&verdict);
  return refusal == nullptr ? 200 : refusal->status;
}

// A session as express-session stores it.
std::string session_json(std::string const& user, std::string const& roles = "[]");

}  // namespace pushlab::test

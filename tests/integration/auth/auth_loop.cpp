#include "tests/integration/auth/auth_loop.hpp"

#include <chrono>
#include <optional>
#include <stdexcept>

namespace pushlab::test {

using namespace server;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

void run_until(boost::asio::io_context& io, std::function<bool()> const& is_so,
               std::string const& what) {
  auto const deadline = Clock::now() + 10s;
  while (!is_so()) {
    if (Clock::now() > deadline) throw std::runtime_error("not within 10 s: " + what);
    io.restart();
    io.run_one_for(20ms);
  }
}

AuthOptions redis_auth(std::string const& address) {
  AuthOptions options;
  options.kind = AuthOptions::Kind::redis;
  options.redis.address = address;
  return options;
}

AuthLoop::AuthLoop(AuthOptions const& options)
    : authenticator(make_authenticator(options, io, shared)) {
  if (auto const fault = fault_in(options)) throw std::runtime_error(*fault);
  authenticator->on_revocation([this](Revocation const& r) { revocations.push_back(r); });
}

AuthVerdict AuthLoop::identify(Credential const& credential) {
  auto const verdict = std::make_shared<std::optional<AuthVerdict>>();
  authenticator->identify(credential, [verdict](AuthVerdict v) { *verdict = std::move(v); });
  run_until([&] { return verdict->has_value(); }, "identify() is done");
  return **verdict;
}

TicketVerdict AuthLoop::issue_ticket(Credential const& credential) {
  auto const verdict = std::make_shared<std::optional<TicketVerdict>>();
  authenticator->issue_ticket(credential, [verdict](TicketVerdict v) { *verdict = std::move(v); });
  run_until([&] { return verdict->has_value(); }, "issue_ticket() is done");
  return **verdict;
}

std::string AuthLoop::user_of_session(std::string const& id) {
  auto const verdict = identify({Credential::Kind::session, id});
  auto const* identity = std::get_if<Identity>(&verdict);
  return identity == nullptr ? std::to_string(status(verdict)) : identity->user;
}

std::string AuthLoop::watch_session(std::string const& id) {
  auto const verdict = identify({Credential::Kind::session, id});
  if (status(verdict) != 200) throw std::runtime_error("session " + id + " is not good");
  auto const key = std::get<Identity>(verdict).session;
  authenticator->watch(key);
  return key;
}

void AuthLoop::run_until(std::function<bool()> const& is_so, std::string const& what) {
  test::run_until(io, is_so, what);
}

void AuthLoop::run_for(std::chrono::milliseconds time) {
  io.restart();
  io.run_for(time);
}

Revocation AuthLoop::revocation(std::size_t count) {
  run_until([&] { return revocations.size() >= count; },
            std::to_string(count) + " revocations, have " + std::to_string(revocations.size()));
  return revocations.at(count - 1);
}

std::string session_json(std::string const& user, std::string const& roles) {
  return R"({"cookie":{"originalMaxAge":null,"httpOnly":true,"path":"/"},"user":{"id":)" + user +
         R"(,"roles":)" + roles + "}}";
}

}  // namespace pushlab::test

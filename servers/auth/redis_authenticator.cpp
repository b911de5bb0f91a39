#include "servers/auth/redis_authenticator.hpp"

#include <algorithm>
#include <random>

#include "servers/auth/auth_refusals.hpp"
#include "servers/auth/redis_outage.hpp"
#include "servers/auth/session_cookie.hpp"
#include "servers/auth/session_value.hpp"
#include "servers/auth/ticket_box.hpp"

namespace pushlab::server {
namespace {

using Kind = Credential::Kind;
using Reply = RedisReply::Kind;

constexpr std::string_view session_prefix = "session ", api_key_prefix = "api_key ";

// Spread, or all who were refused come back at once.
AuthRefusal cannot_tell() {
  thread_local std::minstd_rand random{std::random_device{}()};
  auto const retry_after_s = std::uniform_int_distribution<std::uint32_t>{1, 5}(random);
  return {503, "Who you are cannot be checked just now: ask again.", retry_after_s};
}

std::string key_of(std::string pattern, std::string const& id) {
  constexpr std::string_view place = "{id}";
  auto const at = pattern.find(place);
  return at == std::string::npos ? pattern : pattern.replace(at, place.size(), id);
}

// A little less than asked for, or a late tick would break the word.
std::chrono::milliseconds recheck_period(RedisOptions const& options) {
  return std::chrono::milliseconds{std::max(options.recheck_s, 1U) * 900ULL};
}

}  // namespace

RedisAuthenticator::RedisAuthenticator(AuthOptions const& options, boost::asio::io_context& io,
                                       RedisOutage& outage)
    : options_(options),
      watch_(io, recheck_period(options.redis),
             [this](auto& key, auto done) { look_up_key(key, std::move(done)); }),
      commands_(io, options.redis),
      feed_(io, options.redis, listener()) {
  watch_.on_over([this](Revocation const& revocation) {
    feed_.remove(revocation.session);
    revoked_(revocation);
  });
  commands_.on_up([this, &outage] {
    outage.is_over(options_.redis.address);
    watch_.look_at_all();
  });
  commands_.on_down(
      [this, &outage](std::string const& why) { outage.goes_on(options_.redis.address, why); });
}

// --- who somebody is

void RedisAuthenticator::identify(Credential const& credential,
                                  std::function<void(AuthVerdict)> done) {
  if (credential.kind == Kind::none) return done(Identity{});
  if (credential.value.empty()) return done(malformed_credential());
  if (credential.kind == Kind::ticket) return redeem(credential.value, std::move(done));
  look_up(credential, std::move(done));
}

// GETDEL: of two who show the same ticket, to whichever process, one gets in.
void RedisAuthenticator::redeem(std::string const& ticket, std::function<void(AuthVerdict)> done) {
  auto key = key_of(options_.redis.ticket_key, ticket);
  commands_.command({"GETDEL", std::move(key)}, [this, done = std::move(done)](RedisReply reply) {
    if (reply.is(Reply::nil)) return done(unknown_ticket());
    if (!reply.is(Reply::text)) return done(cannot_tell());
    std::string_view const text = reply.text;
    if (text.starts_with(session_prefix))
      return look_up({Kind::session, std::string{text.substr(session_prefix.size())}}, done);
    if (text.starts_with(api_key_prefix))
      return look_up({Kind::api_key, std::string{text.substr(api_key_prefix.size())}}, done);
    done(unknown_ticket());
  });
}

void RedisAuthenticator::look_up(Credential const& credential,
                                 std::function<void(AuthVerdict)> done) {
  auto key = key_of(options_.redis.api_key, credential.value);
  if (credential.kind == Kind::session) {
    auto const id = session_id(credential.value, options_.cookie_secret);
    if (!id) return done(AuthRefusal{401, "The session cookie is not signed by this application."});
    key = key_of(options_.redis.session_key, *id);
  }
  look_up_key(key, [this, done = std::move(done)](AuthVerdict verdict) {
    if (auto const* identity = std::get_if<Identity>(&verdict)) watch_.expect(*identity);
    done(std::move(verdict));
  });
}

// Patterns begin differently (see fault_in()), so a key says what it is.
void RedisAuthenticator::look_up_key(std::string const& key,
                                     std::function<void(AuthVerdict)> done) {
  auto const& redis = options_.redis;
  auto const is_api_key = key.starts_with(redis.api_key.substr(0, redis.api_key.find("{id}")));
  auto pointers = is_api_key ? IdentityPointers{redis.api_key_user, redis.api_key_roles}
                             : IdentityPointers{redis.session_user, redis.session_roles};
  commands_.command({"GET", key}, [key, pointers = std::move(pointers),
                                   done = std::move(done)](RedisReply const& reply) {
    if (reply.is(Reply::nil))
      return done(AuthRefusal{401, "This credential is not known, or has ended: log in again."});
    // Something else is kept under that key: no session any more than none is.
    if (reply.is(Reply::error) && reply.text.starts_with("WRONGTYPE"))
      return done(AuthRefusal{401, "What is stored for this credential is not JSON."});
    if (!reply.is(Reply::text)) return done(cannot_tell());
    auto verdict = identity_in(reply.text, pointers);
    if (auto* identity = std::get_if<Identity>(&verdict)) identity->session = key;
    done(std::move(verdict));
  });
}

// --- tickets

void RedisAuthenticator::issue_ticket(Credential const& credential,
                                      std::function<void(TicketVerdict)> done) {
  if (credential.kind == Kind::none || credential.kind == Kind::ticket)
    return done(no_ticket_for_that());
  identify(credential, [this, credential, done = std::move(done)](AuthVerdict const& verdict) {
    if (auto const* refusal = std::get_if<AuthRefusal>(&verdict)) return done(*refusal);
    store_ticket(credential, done);
  });
}

void RedisAuthenticator::store_ticket(Credential const& credential,
                                      std::function<void(TicketVerdict)> done) {
  auto const prefix = credential.kind == Kind::session ? session_prefix : api_key_prefix;
  Ticket ticket{new_ticket(), options_.ticket_s};
  commands_.command(
      {"SET", key_of(options_.redis.ticket_key, ticket.text),
       std::string{prefix} + credential.value, "EX", std::to_string(ticket.expires_in_s)},
      [ticket, done = std::move(done)](RedisReply const& reply) {
        if (!reply.is(Reply::text)) return done(cannot_tell());
        done(ticket);
      });
}

// --- who is still that

void RedisAuthenticator::watch(std::string const& session) {
  if (session.empty() || !watch_.add(session)) return;
  // It may have ended since it was looked up. On_heard brings the look when Redis tells of the key.
  if (feed_.hears_keys())
    feed_.add(session);
  else
    watch_.look(session);
}

void RedisAuthenticator::unwatch(std::string const& session) {
  if (watch_.remove(session)) feed_.remove(session);
}

RevocationFeed::Listener RedisAuthenticator::listener() {
  return {[this](auto& message) { on_order(message); },
          [this](auto& key, auto& event) { on_key_event(key, event); },
          [this](auto& key) { watch_.look(key); },
          [this] {
            if (!feed_.hears_keys()) return watch_.look_at_all();
            watch_.for_each([this](std::string const& key) { feed_.add(key); });
          }};
}

void RedisAuthenticator::on_key_event(std::string const& key, std::string const& event) {
  if (event == "expire" || event == "persist") return;  // it was touched, it is still there
  for (auto const* gone : {"del", "expired", "evicted", "rename_from", "move_from"})
    if (event == gone) return watch_.end(key);
  watch_.touched(key);
}

// The message is a key, or the id in one.
void RedisAuthenticator::on_order(std::string const& message) {
  watch_.end(message);
  watch_.end(key_of(options_.redis.session_key, message));
  watch_.end(key_of(options_.redis.api_key, message));
}

}  // namespace pushlab::server

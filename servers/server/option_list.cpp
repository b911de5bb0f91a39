#include "servers/server/option_list.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace pushlab::server {
namespace {

template <class T>
Option number(std::string key, T& value, std::uint64_t least, std::uint64_t most,
              std::string help) {
  return {std::move(key),
          std::move(help),
          nullptr,
          [&value](std::uint64_t n) { value = static_cast<T>(n); },
          std::to_string(value),
          {},
          least,
          most};
}

Option text(std::string key, std::string& value, std::string help) {
  return {std::move(key), std::move(help), [&value](std::string const& given) { value = given; },
          nullptr,        value,           {}};
}

// One of two words, the default first.
template <class T>
Option choice(std::string key, T& value, std::pair<char const*, T> usual,
              std::pair<char const*, T> other, std::string help) {
  return {std::move(key),
          std::move(help),
          [&value, usual, other](std::string const& given) {
            value = given == other.first ? other.second : usual.second;
          },
          nullptr,
          usual.first,
          {usual.first, other.first}};
}

}  // namespace

std::string Option::flag() const {
  auto flag = "--" + key;
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

void Option::take(std::int64_t value, std::string const& where) const {
  if (!set_number) throw UsageError{fmt::format("{}: {} must be a string.", where, key)};
  auto const n = static_cast<std::uint64_t>(value);
  if (value < 0 || n < least || n > most)
    throw UsageError{fmt::format("{}: {} must lie between {} and {}; it is {}.", where, key, least,
                                 most, value)};
  set_number(n);
}

void Option::take(std::string const& value, std::string const& where) const {
  if (!set_text) throw UsageError{fmt::format("{}: {} must be a whole number.", where, key)};
  if (!choices.empty() && std::find(choices.begin(), choices.end(), value) == choices.end())
    throw UsageError{fmt::format("{}: {} must be {}; it is \"{}\".", where, key,
                                 fmt::join(choices, " or "), value)};
  set_text(value);
}

std::vector<Option> all_options(ServerOptions& o) {
  constexpr std::uint64_t gib = 1ULL << 30, many = 100'000'000;
  return {
      text("client_listen", o.client_listen, "where clients connect, ADDRESS:PORT (port 0: any)"),
      text("ingest_listen", o.ingest_listen, "where the backend posts, ADDRESS:PORT"),
      text("ingest_token", o.ingest_token, "bearer token that the ingest demands"),
      number("threads", o.threads, 1, 256, "event loops, one thread each"),
      number("heartbeat_s", o.heartbeat_s, 0, 250,
             "seconds of silence before a heartbeat; 0: none"),
      number("retry_ms", o.retry_ms, 100, 600'000, "mean reconnection delay that clients are told"),
      number("drain_s", o.drain_s, 0, 3600, "seconds that a shutdown waits for goodbyes"),
      number("history_events", o.history.events, 0, many, "events kept for resuming clients"),
      number("history_bytes", o.history.bytes, 0, 64 * gib, "their bytes"),
      number("history_name_events", o.history.name_events, 0, many, "of these, events of one name"),
      number("history_name_bytes", o.history.name_bytes, 0, 64 * gib, "their bytes"),
      text("account_event", o.account_event,
           "name of the notifications that go to the user whose id they carry"),
      choice("leave_out_origin", o.leave_out_origin, {"false", false}, {"true", true},
             "true: the connection named in origin does not get the event"),
      choice("payload", o.refresh, {"data", false}, {"refresh", true},
             "refresh: notifications are forwarded without data"),
      number("snapshot_delay_ms", o.snapshot_delay_ms, 0, 60'000,
             "how much later /snapshot shows an event"),
      number("outbox_bytes", o.outbox_bytes, 4096, gib,
             "unsent bytes after which a reader counts as slow"),
      choice("overflow", o.overflow, {"disconnect", Overflow::disconnect},
             {"conflate", Overflow::conflate},
             "what a slow reader gets: disconnect, or conflate: the newest of each resource"),
      number("max_connections", o.max_connections, 0, many,
             "client connections in all; 0: as the open-file limit allows"),
      number("max_connections_per_user", o.max_connections_per_user, 0, many,
             "of one user; 0: no limit"),
      number("max_connections_per_address", o.max_connections_per_address, 0, many,
             "from one address (IPv6: one /64); 0: no limit"),
      number("max_subscriptions", o.max_subscriptions, 1, 10'000, "names in one subscription"),
      number("max_target_bytes", o.max_target_bytes, 64, 1U << 20, "longest request target"),
      number("max_head_bytes", o.max_head_bytes, 256, 1U << 20, "largest request head"),
      number("max_body_bytes", o.max_body_bytes, 64, gib, "largest request body of the ingest"),
      choice("log_level", o.log_ends, {"info", false}, {"debug", true},
             "debug: a line on stderr for each connection that ended"),
  };
}

}  // namespace pushlab::server

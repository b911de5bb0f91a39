#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "servers/auth/auth_options.hpp"
#include "servers/hub/hub_options.hpp"
#include "servers/net/overflow.hpp"

namespace pushlab::server {

// What every server of ours can be told. Flags win over the file of --config; each flag has a key
// of the same name there, with `_` for `-`. What is no single value stands in the file only.
struct ServerOptions {
  std::string client_listen = "127.0.0.1:0";
  std::string ingest_listen = "127.0.0.1:0";
  std::string ingest_token;
  std::uint32_t threads = 1;
  std::uint32_t heartbeat_s = 15;
  std::uint32_t retry_ms = 2000;
  std::uint32_t drain_s = 5;

  HistoryLimits history;
  std::string account_event = "user";
  bool leave_out_origin = false;
  bool refresh = false;  // payload = "refresh": forwarded without data
  std::uint32_t snapshot_delay_ms = 0;

  std::uint64_t outbox_bytes = 1U << 20;
  Overflow overflow = Overflow::disconnect;
  std::uint32_t max_connections = 0;  // 0: as many as the limit on open files leaves room for
  std::uint32_t max_connections_per_user = 0;  // 0: no limit, here and below
  std::uint32_t max_connections_per_address = 0;
  std::uint32_t max_subscriptions = 100;
  std::uint32_t max_target_bytes = 8U << 10;
  std::uint32_t max_head_bytes = 16U << 10;
  std::uint64_t max_body_bytes = 1U << 20;
  bool log_ends = false;  // log_level = "debug"

  std::vector<std::string> cors_origins;
  AuthOptions auth;
  std::vector<AccessRules::Rule> allow;  // [allow], as it stands there
  AccessRules rules;                     // what follows from it
};

// Thrown with one sentence for the operator.
struct UsageError {
  std::string sentence;
};

// Reads the command line. Prints --help or --version and returns false when that was asked for.
// Throws UsageError.
bool read_options(int argc, char const* const* argv, std::string const& program,
                  ServerOptions& options);

}  // namespace pushlab::server

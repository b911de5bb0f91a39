#pragma once
#include <cstdint>
#include <string>

#include "servers/hub/history.hpp"
#include "servers/net/overflow.hpp"

namespace pushlab::server {

// What every server of ours can be told. Flags win over the file of --config; each flag has a key
// of the same name there, with `_` for `-`.
struct ServerOptions {
  std::string client_listen = "127.0.0.1:0";
  std::string ingest_listen = "127.0.0.1:0";
  std::uint32_t threads = 1;
  std::uint32_t heartbeat_s = 15;
  std::uint32_t retry_ms = 2000;
  HistoryLimits history;
  std::uint64_t outbox_bytes = 1U << 20;
  Overflow overflow = Overflow::disconnect;
  std::uint32_t max_connections = 0;  // 0: as many as the limit on open files leaves room for
  std::uint32_t max_connections_per_address = 0;  // 0: no limit
  std::uint64_t max_body_bytes = 1U << 20;
  std::uint32_t drain_s = 5;
  std::string ingest_token;
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

#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <variant>

#include "servers/http/response.hpp"
#include "servers/net/connection_quota.hpp"
#include "servers/net/counters.hpp"
#include "servers/net/guests.hpp"

namespace pushlab::server {

// Who comes in when connections are limited: so many in all, so many from one address. An IPv6
// client has a whole /64 to choose from, so that counts as one address. On the listener's thread.
class Gate {
 public:
  struct Limits {
    std::uint64_t connections;
    std::uint32_t per_address = 0;  // 0: no limit
  };

  // `open` says how many connections there are.
  Gate(Limits limits, std::function<std::uint64_t()> open, OnEnd on_end = nullptr);

  // The connection's share, or the answer to one too many.
  using Verdict = std::variant<QuotaLease, Response>;
  Verdict admit(boost::asio::ip::tcp::endpoint const& peer);

  // Who was turned away was accepted and has ended, over_limit.
  Counters const& counters() const { return counters_; }

 private:
  Response turn_away(boost::asio::ip::tcp::endpoint const& peer, int status,
                     std::string_view detail);

  std::uint64_t max_connections_;
  ConnectionQuota per_address_;
  std::function<std::uint64_t()> open_;
  OnEnd on_end_;
  Counters counters_;
};

}  // namespace pushlab::server

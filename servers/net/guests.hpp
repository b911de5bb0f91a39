#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "servers/net/connection_quota.hpp"
#include "servers/net/end_reason.hpp"
#include "servers/net/front.hpp"

namespace pushlab::server {

// Told of every connection that ended: why, and the peer's ADDRESS:PORT. Called on the thread of
// that connection's loop.
using OnEnd = std::function<void(EndReason, std::string_view peer)>;

// ADDRESS:PORT, an IPv6 address in brackets.
std::string to_string(boost::asio::ip::tcp::endpoint const& peer);

// What a front keeps of its clients beside their connections, and only when somebody wants it:
// their shares of a quota, and their addresses, which a socket forgets when the peer resets it.
class Guests {
 public:
  explicit Guests(OnEnd on_end) : on_end_(std::move(on_end)) {}

  void enter(Slot slot, Socket const& socket, QuotaLease share);
  void leave(Slot slot, EndReason reason);

 private:
  struct Guest {
    QuotaLease share;
    std::string peer;
  };

  OnEnd on_end_;
  std::vector<Guest> guests_;  // by slot
};

}  // namespace pushlab::server

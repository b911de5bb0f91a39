#include "servers/net/gate.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

namespace pushlab::server {
namespace {

namespace ip = boost::asio::ip;

std::string quota_key(ip::address const& address) {
  if (address.is_v4()) return address.to_string();
  auto const v6 = address.to_v6();
  if (v6.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, v6).to_string();
  auto bytes = v6.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return ip::address_v6{bytes}.to_string();
}

}  // namespace

Gate::Gate(Limits limits, std::function<std::uint64_t()> open, OnEnd on_end)
    : max_connections_(limits.connections),
      per_address_(limits.per_address),
      open_(std::move(open)),
      on_end_(std::move(on_end)) {}

Gate::Verdict Gate::admit(ip::tcp::endpoint const& peer) {
  if (open_() >= max_connections_)
    return turn_away(peer, 503, "The server has as many connections as it may have; try again.");
  if (!per_address_.is_limited()) return QuotaLease{};
  auto key = quota_key(peer.address());
  if (!per_address_.take(key))
    return turn_away(peer, 429, "Your address has as many connections as it may have.");
  return QuotaLease{per_address_, std::move(key)};
}

Response Gate::turn_away(ip::tcp::endpoint const& peer, int status, std::string_view detail) {
  counters_.accepted.add(1);
  counters_.ended[static_cast<std::size_t>(EndReason::over_limit)].add(1);
  if (on_end_) on_end_(EndReason::over_limit, to_string(peer));
  auto response = problem(status, detail);
  response.fields.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace pushlab::server

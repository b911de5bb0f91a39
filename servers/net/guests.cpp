#include "servers/net/guests.hpp"

#include <fmt/format.h>

namespace pushlab::server {

std::string to_string(boost::asio::ip::tcp::endpoint const& peer) {
  auto const address = peer.address().to_string();
  if (peer.address().is_v6()) return fmt::format("[{}]:{}", address, peer.port());
  return fmt::format("{}:{}", address, peer.port());
}

void Guests::enter(Slot slot, Socket const& socket, QuotaLease share) {
  if (!on_end_ && !share) return;
  if (guests_.size() <= slot) guests_.resize(slot + 1);
  guests_[slot].share = std::move(share);
  if (!on_end_) return;
  boost::system::error_code gone;
  auto const peer = socket.remote_endpoint(gone);
  guests_[slot].peer = gone ? "unknown" : to_string(peer);
}

void Guests::leave(Slot slot, EndReason reason) {
  if (guests_.size() <= slot) return;
  auto const guest = std::exchange(guests_[slot], {});
  if (on_end_) on_end_(reason, guest.peer);
}

}  // namespace pushlab::server

#include "servers/net/connection_table.hpp"

#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <cerrno>

namespace pushlab::server {

void ConnectionTable::adopt(Socket socket, QuotaLease share) {
  counters_.accepted.add(1);
  ++open_;
  Slot slot = static_cast<Slot>(connections_.size());
  if (free_.empty()) {
    connections_.emplace_back();
    hot_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  hot_[slot] = {};
  hot_[slot].fd = socket.native_handle();
  guests_.enter(slot, socket, std::move(share));
  connections_[slot] = std::make_unique<Connection>(*this, slot, std::move(socket));
  connections_[slot]->start();
  if (draining_) connections_[slot]->end(EndReason::drained);
}

void ConnectionTable::deliver(std::span<Slot const> slots, Batch const& batch) {
  auto const bytes = batch.bytes.view;
  std::uint64_t sent = 0;
  delivering_ = true;
  for (auto const slot : slots) {
    auto& hot = hot_[slot];
    if (hot.state == State::ready) [[likely]] {
      auto const n = ::send(hot.fd, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (n == static_cast<ssize_t>(bytes.size())) [[likely]] {
        hot.state = hot.after_delivery;
        touch(hot, slot);
        ++sent;
        continue;
      }
      if (n < 0 && errno != EAGAIN && errno != EINTR) {
        end_later(slot, EndReason::write_failed);
        continue;
      }
      ++sent;
      counters_.queued_writes.add(1);
      auto rest = batch.bytes;
      rest.view.remove_prefix(n > 0 ? static_cast<std::size_t>(n) : 0);
      connections_[slot]->queue(std::move(rest));
    } else if (hot.state != State::silent) {
      connections_[slot]->deliver(batch);
    }
  }
  delivering_ = false;
  counters_.deliveries.add(sent * batch.events.size());
  counters_.delivered_bytes.add(sent * bytes.size());
}

// Ending changes the subscriptions, which a fan-out is walking just now.
void ConnectionTable::end_later(Slot slot, EndReason reason) {
  hot_[slot].state = State::silent;
  ending_.emplace_back(slot, reason);
  if (ending_.size() > 1) return;
  boost::asio::post(io_, [this] {
    auto ending = std::exchange(ending_, {});
    for (auto const& [ended, why] : ending)
      if (connections_[ended]) connections_[ended]->end(why);
  });
}

void ConnectionTable::tick() {
  deadlines_.tick(deadlines_.now() + 1,
                  [this](Slot slot) { connections_[slot]->deadline_passed(); });
  if (options_.heartbeat_s > 0) beat_some();
}

// Each tick looks at its tenth of the slots, so that every slot is looked at once a second.
void ConnectionTable::beat_some() {
  if (handler_->heartbeat().empty()) return;
  for (std::size_t slot = deadlines_.now() % ticks_per_s; slot < hot_.size(); slot += ticks_per_s) {
    auto& hot = hot_[slot];
    if (hot.state != State::ready && hot.state != State::special) continue;
    if (++hot.quiet_s >= options_.heartbeat_s) connections_[slot]->beat();
  }
}

void ConnectionTable::drain() {
  draining_ = true;
  for (std::size_t slot = 0; slot < connections_.size(); ++slot)
    if (auto* connection = connections_[slot].get(); connection && !connection->leaving())
      handler_->on_drain(*connection);
}

void ConnectionTable::end_all(EndReason reason) {
  for (std::size_t slot = 0; slot < connections_.size(); ++slot)
    if (connections_[slot]) connections_[slot]->end(reason);
}

void ConnectionTable::revoke(Slot slot) {
  auto* const connection = slot < connections_.size() ? connections_[slot].get() : nullptr;
  if (!connection || connection->leaving()) return;
  // A poller between two polls, or one whose request is looked at just now, is refused by that.
  if (connection->idle() || connection->mode() == Connection::Mode::suspended) return;
  handler_->on_revoke(*connection);
  connection->dismiss(EndReason::revoked, farewell_s);
}

void ConnectionTable::release(Slot slot) {
  // An end that is still to come is not the next connection's in this slot.
  std::erase_if(ending_, [slot](auto const& ending) { return ending.first == slot; });
  connections_[slot].reset();
  hot_[slot] = {};
  free_.push_back(slot);
  --open_;
}

}  // namespace pushlab::server

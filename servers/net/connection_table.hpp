#pragma once
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "servers/hub/delivery.hpp"
#include "servers/net/connection.hpp"
#include "servers/net/counters.hpp"
#include "servers/net/deadlines.hpp"
#include "servers/net/front.hpp"
#include "servers/net/guests.hpp"
#include "servers/net/handler.hpp"
#include "servers/net/overflow.hpp"

namespace pushlab::server {

struct TableOptions {
  RequestLimits request;
  std::size_t outbox_bytes = 1U << 20;
  std::uint32_t heartbeat_s = 15;
  std::uint32_t request_timeout_s = 10;  // from the first byte of a request to its last
  std::uint32_t idle_timeout_s = 75;     // between two requests
  Overflow overflow = Overflow::disconnect;
  OnEnd on_end = nullptr;  // costs nothing unless it is set
};

// All connections of one listener on one loop, and the fan-out's last step. What a delivery needs
// of a subscriber is eight bytes in one dense array; the connection itself is touched only when its
// socket is full. That is what keeps ten thousand subscribers in the cache.
class ConnectionTable : public Front {
 public:
  enum class State : std::uint8_t {
    silent,   // gets no batches
    ready,    // a batch may be sent as it is
    special,  // a batch goes through Connection::deliver()
    blocked,  // its socket is full: batches are queued
  };

  ConnectionTable(boost::asio::io_context& io, TableOptions options, Counters& counters)
      : io_(io), options_(std::move(options)), counters_(counters), guests_(options_.on_end) {}

  // REQUIRES: before the first connection.
  void use(Handler& handler) { handler_ = &handler; }

  void adopt(Socket socket, QuotaLease share) override;
  void deliver(std::span<Slot const> slots, Batch const& batch) override;
  void tick() override;
  void drain() override;
  void end_all(EndReason reason) override;
  void revoke(Slot slot) override;
  std::size_t open() const override { return open_; }

 private:
  friend class Connection;

  struct Hot {
    int fd = -1;
    State state = State::silent;
    State after_delivery = State::silent;  // ready for a stream, silent for a held request
    std::uint8_t quiet_s = 0;              // since the last byte sent; 0 to 3 at first, by slot
    bool heartbeat_unanswered = false;
  };
  static_assert(sizeof(Hot) == 8);

  void set_deadline(Slot slot, std::uint32_t in_s) {
    deadlines_.set(slot, deadlines_.now() + in_s * ticks_per_s + 1);
  }
  void end_later(Slot slot, EndReason reason);
  void release(Slot slot);
  void beat_some();
  void touch(Hot& hot, Slot slot) { hot.quiet_s = slot & 3; }  // spreads the next heartbeats

  boost::asio::io_context& io_;
  TableOptions options_;
  Counters& counters_;
  Guests guests_;
  Handler* handler_ = nullptr;
  std::vector<Hot> hot_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<Slot> free_;
  std::vector<std::pair<Slot, EndReason>> ending_;
  Deadlines deadlines_;
  std::array<char, 64U << 10> scratch_;
  std::size_t open_ = 0;
  bool delivering_ = false;
  bool draining_ = false;
};

}  // namespace pushlab::server

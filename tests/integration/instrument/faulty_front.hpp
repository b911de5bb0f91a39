#pragma once
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <vector>

#include "servers/net/connection_table.hpp"
#include "servers/net/front.hpp"

namespace pushlab::server {

// What goes wrong on purpose; 0 means it does not.
struct Faults {
  std::uint32_t delay_ms = 0;   // every event leaves that much later
  std::uint64_t drop = 0;       // each n-th delivery is left out
  std::uint64_t duplicate = 0;  // each n-th delivery is made twice
  std::uint64_t swap = 0;       // each n-th event leaves after the one behind it
  std::uint64_t stall_at = 0;   // before this event the whole server stands still ...
  std::uint32_t stall_ms = 0;   // ... for so long

  static Faults from_environment();  // PUSHLAB_FAULTS="drop=7 delay_ms=50"
};

// A ConnectionTable between which and the hub something goes wrong, counted exactly. On its end it
// writes its ledger to stderr: {"dropped":N,"duplicated":N,"swapped":N}.
class FaultyFront : public Front {
 public:
  FaultyFront(boost::asio::io_context& io, Faults faults, TableOptions const& options,
              Counters& counters, Handler& session);
  ~FaultyFront() override;

  void deliver(std::span<Slot const> slots, Batch const& batch) override;
  void adopt(Socket socket, QuotaLease share) override {
    table_.adopt(std::move(socket), std::move(share));
  }
  void tick() override { table_.tick(); }
  void drain() override { table_.drain(); }
  void end_all(EndReason reason) override { table_.end_all(reason); }
  void revoke(Slot slot) override { table_.revoke(slot); }
  std::size_t open() const override { return table_.open(); }

 private:
  struct Held {
    std::vector<Slot> slots;
    EventPtr event;
  };
  void deliver_event(std::span<Slot const> slots, EventPtr const& event);
  void deliver_faulty(std::span<Slot const> slots, EventPtr const& event);
  void pass(std::span<Slot const> slots, EventPtr const& event);

  boost::asio::io_context& io_;
  Faults faults_;
  ConnectionTable table_;
  std::vector<Held> held_;  // parts of the one event that waits for its successor
  std::uint64_t pairs_ = 0;
  std::uint64_t dropped_ = 0, duplicated_ = 0, swapped_ = 0;
};

}  // namespace pushlab::server

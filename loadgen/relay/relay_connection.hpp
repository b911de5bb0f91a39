// Two sockets and what is under way between them.
//
// Each direction holds at most most_held bytes and one read more; above that it stops reading, and
// TCP holds the sender back. So the throughput of one connection is at most most_held a delay.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "loadgen/loop/endpoint.hpp"
#include "loadgen/loop/event_loop.hpp"
#include "loadgen/relay/relay_line.hpp"

namespace pushlab::loadgen {

// Stays when it has ended, to be opened again: the loop may hold an event or a timer for it.
class RelayConnection {
 public:
  static constexpr std::size_t most_held = 256 * 1024;

  // `ended` may open it again.
  RelayConnection(EventLoop& loop, RelayPlan const& plan,
                  std::function<void(RelayConnection&)> ended);

  void open(File client, Endpoint const& to, unsigned source, std::uint64_t number);
  bool is_open() const { return open_; }

 private:
  struct Chunk {
    std::int64_t due_ns;
    std::string bytes;  // empty: the end of the stream
  };
  // One socket, and the direction that is read from it.
  struct Side final : Waiter {
    explicit Side(RelayConnection& of) : connection(of) {}
    void on_ready(std::uint32_t events) override { connection.on_ready(*this, events); }
    void on_timer(std::int64_t now, std::uint32_t which) override {
      connection.on_timer(*this, now, which);
    }

    RelayConnection& connection;
    File socket;
    std::uint32_t watched = 0;
    bool connecting = false;
    std::optional<RelayLine> line;
    std::deque<Chunk> chunks;
    std::size_t held = 0;       // bytes of the chunks
    std::size_t written = 0;    // of the first chunk
    bool ended = false;         // nothing more will be read
    bool passed_end = false;    // and the other side was told so
    bool blocked = false;       // the other side takes no more
    std::int64_t armed_ns = 0;  // the timer's time
    std::uint32_t token = 0;
  };

  void on_ready(Side& side, std::uint32_t events);
  void on_timer(Side& side, std::int64_t now, std::uint32_t token);
  bool finish_connect(Side& side);
  void read(Side& side);
  void pass(Side& from, std::int64_t now);
  bool write(Side& from);
  void broke(Side& side);
  void update(Side& side);
  void end(bool reset);
  Side& other(Side& side) { return sides_[&side == &sides_[0] ? 1 : 0]; }

  EventLoop& loop_;
  RelayPlan const& plan_;
  std::function<void(RelayConnection&)> ended_;
  std::array<Side, 2> sides_{Side(*this), Side(*this)};  // the client's, the server's
  bool open_ = false;
  std::int64_t reset_due_ns_ = 0;  // when the end that broke off reaches the other side
};

}  // namespace pushlab::loadgen

// A TCP relay between clients and a server that adds the delay, the loss and the rate of a network.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "loadgen/loop/endpoint.hpp"
#include "loadgen/loop/event_loop.hpp"
#include "loadgen/relay/relay_connection.hpp"

namespace pushlab::loadgen {

class Relay final : public Waiter {
 public:
  // Listens on 127.0.0.1 and a free port. Throws std::system_error.
  Relay(EventLoop& loop, RelayPlan const& plan, Endpoint const& to);
  Relay(Relay const&) = delete;
  Relay& operator=(Relay const&) = delete;

  std::uint16_t port() const { return port_; }
  std::size_t open() const { return connections_.size() - free_.size(); }

  void on_ready(std::uint32_t events) override;
  void on_timer(std::int64_t now_ns, std::uint32_t token) override;

 private:
  void take(File client);

  EventLoop& loop_;
  RelayPlan plan_;
  Endpoint to_;
  File listener_;
  std::uint16_t port_ = 0;
  std::uint64_t taken_ = 0;
  std::deque<RelayConnection> connections_;
  std::vector<RelayConnection*> free_;
};

// What the plan holds that cannot be; "" when it is sound.
std::string problem_of(RelayPlan const& plan);

}  // namespace pushlab::loadgen

#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "servers/hub/hub.hpp"
#include "servers/net/counters.hpp"
#include "servers/server/server.hpp"

namespace pushlab::server {

// One thread's share: its event loop, its clients, its hub. Only publish() may be called elsewhere.
class Loop {
 public:
  Loop(Strategy const& strategy, ServerOptions const& options, Broker const& broker);
  ~Loop();

  boost::asio::io_context& io() { return io_; }
  Front& front() { return *front_; }
  Counters const& counters() const { return counters_; }
  Hub const& hub() const { return *hub_; }

  // Brings an event here, in order; the loop's next turn delivers it.
  void publish(EventPtr event);

  // Starts the clock of deadlines and heartbeats.
  void start_ticking();

 private:
  struct HubDelivery;  // breaks the ring: the hub delivers to the front, whose sessions use the hub

  boost::asio::io_context io_{1};
  boost::asio::steady_timer ticker_{io_};
  Counters counters_;
  HubOptions hub_options_;
  std::unique_ptr<HubDelivery> delivery_;
  std::unique_ptr<Hub> hub_;
  std::unique_ptr<Handler> session_;
  std::unique_ptr<Front> front_;
};

}  // namespace pushlab::server

#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "servers/auth/make_authenticator.hpp"
#include "servers/clients/door.hpp"
#include "servers/clients/members.hpp"
#include "servers/hub/hub.hpp"
#include "servers/net/connection_quota.hpp"
#include "servers/net/counters.hpp"
#include "servers/server/server.hpp"

namespace pushlab::server {

// What the loops have in common besides the broker: who has how much, under a lock, on the way of
// requests, not of events.
struct LoopShare {
  HubOptions hub;
  AuthShared auth;
  ConnectionQuota per_user;
};

// One thread's share: its event loop, its clients, its hub. Only publish() may be called elsewhere.
class Loop {
 public:
  Loop(Strategy const& strategy, ServerOptions const& options, Broker const& broker,
       LoopShare& share);
  ~Loop();

  boost::asio::io_context& io() { return io_; }
  Front& front() { return *front_; }
  Counters const& counters() const { return counters_; }
  bool can_authenticate() const { return authenticator_->is_available(); }

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
  std::unique_ptr<Authenticator> authenticator_;
  std::unique_ptr<Door> door_;
  std::unique_ptr<Members> members_;
  std::unique_ptr<Handler> session_;
  std::unique_ptr<Front> front_;
};

}  // namespace pushlab::server

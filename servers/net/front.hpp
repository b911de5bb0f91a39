#pragma once
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>

#include "servers/hub/delivery.hpp"
#include "servers/net/connection_quota.hpp"
#include "servers/net/end_reason.hpp"

namespace pushlab::server {

using Socket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

// The connections of one listener on one loop: takes sockets from the listener and batches from the
// hub. Everything is called on the loop's thread.
class Front : public Delivery {
 public:
  virtual void adopt(Socket socket, QuotaLease share) = 0;  // the share is kept until it ends

  // Ten times a second: deadlines and heartbeats.
  static constexpr std::uint32_t ticks_per_s = 10;
  virtual void tick() = 0;

  // Lets every connection say goodbye at an event boundary; new ones are closed from now on.
  virtual void drain() = 0;
  virtual void end_all(EndReason reason) = 0;

  // The session behind that connection is over: it is told so, ends soon, and counts as revoked.
  // Between two turns of the hub only, never in a fan-out: it changes the subscriptions.
  static constexpr std::uint32_t farewell_s = 5;  // for who does not take the goodbye
  virtual void revoke(Slot slot) = 0;

  virtual std::size_t open() const = 0;
};

}  // namespace pushlab::server

#pragma once
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "servers/http/request_reader.hpp"
#include "servers/net/front.hpp"
#include "servers/websocketpp/websocketpp_endpoint.hpp"

namespace pushlab::server {

// Reads a client's first request and leaves it on the socket. The library wants its verdict on a
// handshake at once, so whoever has to be asked elsewhere is asked before the library sees the
// connection, and then it reads the same bytes again.
class HeadPeek : public std::enable_shared_from_this<HeadPeek> {
 public:
  // The request; nothing when these bytes are none that can be read: the library says so then. Not
  // called when the client went away or was too slow: `gone` is.
  using Seen = std::function<void(std::optional<Request>)>;

  HeadPeek(Socket socket, RequestLimits limits) : socket_(std::move(socket)), limits_(limits) {}

  void start(std::uint32_t timeout_s, Seen seen, std::function<void(PeerEnd)> gone);
  void cancel();  // neither call comes any more

  Socket take() { return std::move(socket_); }

 private:
  void wait();
  void look();
  void finish(std::optional<Request> request);
  void give_up(PeerEnd why);
  void wake_at(std::size_t bytes);

  Socket socket_;
  RequestLimits limits_;
  boost::asio::steady_timer deadline_{socket_.get_executor()};
  std::size_t seen_bytes_ = 0;
  Seen seen_;
  std::function<void(PeerEnd)> gone_;
};

}  // namespace pushlab::server

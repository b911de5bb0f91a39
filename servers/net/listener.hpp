#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string>
#include <vector>

#include "servers/net/front.hpp"
#include "servers/net/gate.hpp"

namespace pushlab::server {

// Where accepted sockets go: a loop and its front.
struct Home {
  boost::asio::io_context* io;
  Front* front;
};

// Accepts on one address and deals the sockets out to the homes in turn: even and repeatable, which
// the kernel's SO_REUSEPORT hashing is not. Throws std::system_error when the address cannot be
// had.
class Listener {
 public:
  // Whom the gate does not let in is told why and closed at once; without one all come in.
  Listener(boost::asio::io_context& io, std::string const& address, std::vector<Home> homes,
           Gate* gate = nullptr);

  void start();
  void stop();
  std::string url() const;  // http://127.0.0.1:PORT

 private:
  boost::asio::awaitable<void> accept_all();

  boost::asio::io_context& io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::vector<Home> homes_;
  Gate* gate_;
};

}  // namespace pushlab::server

#pragma once
#include <cstdint>
#include <memory>
#include <string_view>

namespace boost::asio {
class io_context;
}

namespace pushlab::server {

// The border to websocketpp, which is compiled as C++17: nothing of it and nothing of Asio but the
// event loop's name may cross, and nothing here may need C++20. Everything runs on the loop's
// thread.

// The caller's number for a connection; given again after on_end().
using PeerKey = std::uint32_t;

enum class PeerEnd {
  gone,         // the peer closed, or its connection broke
  misbehaved,   // no HTTP, or a violation of RFC 6455
  out_of_time,  // half a request, or no answer to a close frame
};

class PeerEvents {
 public:
  virtual ~PeerEvents() = default;

  virtual void on_open(PeerKey peer) = 0;              // messages may be sent
  virtual void on_input(PeerKey peer) = 0;             // a message or a pong
  virtual void on_end(PeerKey peer, PeerEnd end) = 0;  // always, and last
};

struct EndpointLimits {
  std::size_t message_bytes = 64U << 10;
  long handshake_ms = 10'000;
  long close_ms = 5'000;
};

class WebsocketppEndpoint {
 public:
  WebsocketppEndpoint(boost::asio::io_context& io, EndpointLimits limits, PeerEvents& events);
  ~WebsocketppEndpoint();

  // Takes over a connected TCP socket on which a handshake waits to be read that shall be accepted.
  void adopt(PeerKey peer, int fd, bool is_v6);

  // Whole frames as they shall stand on the wire, to be sent to any number of peers.
  using Message = std::shared_ptr<void>;
  Message prepare(std::string_view frames) const;

  void send(PeerKey peer, Message const& message);
  void ping(PeerKey peer);
  void close(PeerKey peer, std::uint16_t code);  // behind what was sent before

  // Cuts the connection soon, never before this call returns; what the kernel has not sent yet is
  // thrown away with `discard`.
  void cut(PeerKey peer, bool discard);

  // Payload bytes that wait for the write before them to end. What that write itself carries is not
  // counted: at most as much again.
  std::size_t waiting_bytes(PeerKey peer) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pushlab::server

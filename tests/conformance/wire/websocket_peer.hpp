#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tests/conformance/wire/connection.hpp"
#include "tests/conformance/wire/http_message.hpp"
#include "tests/conformance/wire/websocket_reader.hpp"

namespace pushlab::conformance {

// Sec-WebSocket-Accept for this key.
std::string websocket_accept(std::string_view key);
// 16 random bytes in base64.
std::string websocket_key();

// A WebSocket connection that a case controls byte by byte. The constructor sends the request,
// whatever it is, and reads the head of the answer; throws WireError. The connection ends, without
// a close frame, with the object.
class WebSocketPeer {
 public:
  struct Options {
    std::string behind_request;  // bytes that leave in the request's segment
    Connection::Options connection;
  };

  WebSocketPeer(Url const& url, Request const& request, Deadline const& deadline)
      : WebSocketPeer(url, request, deadline, Options{}) {}
  WebSocketPeer(Url const& url, Request const& request, Deadline const& deadline,
                Options const& options);

  Head const& head() const { return head_; }
  bool is_open() const { return head_.status == 101; }
  WebSocketLog const& log() const { return reader_.log(); }
  WebSocketReader& reader() { return reader_; }
  Connection& connection() { return *connection_; }
  bool answers_pings = true;  // while it reads

  void send(std::string_view bytes, Deadline const& deadline);
  void send(WebSocketFrame const& frame, Deadline const& deadline) {
    send(frame.bytes(), deadline);
  }

  using Enough = std::function<bool(WebSocketLog const&)>;
  // Reads until `enough` says so, asked first and after each arrival, the connection ends or the
  // deadline. True: `enough` said so.
  bool read(Deadline const& deadline, Enough const& enough);
  // Until a message holds the text; null when it does not come. Good until the next read.
  WebSocketMessage const* await(std::string_view text, Deadline const& deadline);
  void listen(double seconds);

  // `nothing` while it is open.
  Arrival::Kind ended_by() const { return ended_by_; }
  Instant ended_at() const { return ended_at_; }
  // Of the server's close frame: 1005 when it has none, empty when no frame came.
  std::optional<unsigned> close_code() const;
  // "close frame 1002, then the end of TCP", "still open".
  std::string ending() const;

 private:
  void answer_pings(std::size_t from);

  std::unique_ptr<Connection> connection_;
  Head head_;
  WebSocketReader reader_{WebSocketReader::From::server};
  Arrival::Kind ended_by_ = Arrival::Kind::nothing;
  Instant ended_at_;
};

}  // namespace pushlab::conformance

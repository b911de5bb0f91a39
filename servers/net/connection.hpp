#pragma once
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "servers/event/bytes.hpp"
#include "servers/http/request_reader.hpp"
#include "servers/http/response.hpp"
#include "servers/hub/delivery.hpp"
#include "servers/net/end_reason.hpp"
#include "servers/net/front.hpp"
#include "servers/net/outbox.hpp"

namespace pushlab::server {

class ConnectionTable;

// What a strategy keeps for a connection; most keep nothing.
struct SessionState {
  virtual ~SessionState() = default;
};

// One peer's connection, on one loop's thread. It waits for its socket with one parked operation
// and keeps no buffer meanwhile: bytes are read into the table's scratch buffer, only a request
// that is not complete yet has a RequestReader, and only a socket that is full has an Outbox.
class Connection {
 public:
  // What bytes from the client mean: the next request; nothing until the held request is answered;
  // or input of a stream, which goes to the handler.
  enum class Mode : std::uint8_t { requests, held, stream };

  Connection(ConnectionTable& table, Slot slot, Socket socket);

  void start();

  // Answers the request at hand, and closes afterwards when keep-alive is not wanted.
  void respond(Response const& response, Request const& request);

  // Sends what the server itself chose to send: never refused for its size.
  void send(Bytes bytes);
  void send(std::span<Bytes const> pieces);  // in gathered writes

  // From here on batches are delivered as they come, with heartbeats between them. A client of
  // HTTP/1.0 gets them `unchunked`.
  void start_stream(bool chunked = true);

  // The next batch is the answer to this request; when none comes within `wait_s`,
  // Handler::on_deadline().
  void hold(Request const& request, std::uint32_t wait_s);

  // Comes back with the same request after whatever this loop has to do first.
  void defer(Request request);

  // Ends now, or when everything queued has been written.
  void end(EndReason reason);
  void end_after_writing(EndReason reason);

  Mode mode() const { return mode_; }
  Slot slot() const { return slot_; }
  bool ended() const { return ended_; }
  bool idle() const;                                   // between two requests
  bool writing() const { return outbox_ != nullptr; }  // the socket is full
  bool chunked() const { return chunked_; }
  bool waiting_for_event() const;  // a held request that no batch has answered yet
  std::unique_ptr<SessionState>& state() { return state_; }

 private:
  friend class ConnectionTable;

  void wait_readable();
  void wait_writable();
  void on_readable(boost::system::error_code ec);
  void on_writable(boost::system::error_code ec);
  void read_requests(std::string_view bytes);
  void await_next_request();
  void fail_request(RequestReader::Failure const& failure);
  void answered();
  void flush();
  void later(std::function<void()> step);
  void release_when_quiet();

  // For the table, during a fan-out.
  void deliver(Batch const& batch);
  void queue(Bytes rest, bool bounded);
  void deadline_passed();
  void beat();

  ConnectionTable& table_;
  Socket socket_;
  std::unique_ptr<RequestReader> reader_;
  std::unique_ptr<Outbox> outbox_;
  std::unique_ptr<SessionState> state_;
  Slot slot_;
  Mode mode_ = Mode::requests;
  EndReason end_reason_ = EndReason::client_closed;
  std::uint8_t waits_ = 0;  // parked operations: at most one for each direction
  bool chunked_ = true;
  bool keep_alive_ = true;  // of the held request
  bool reading_ = false;    // a wait for readability is parked
  bool end_after_writing_ = false;
  bool ended_ = false;
};

}  // namespace pushlab::server

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
  // What bytes from the client mean: the next request; nothing until the request at hand is
  // answered by an event, or can be answered at all; or input of a stream, which goes to the
  // handler.
  enum class Mode : std::uint8_t { requests, held, suspended, stream };

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

  // The next batch is the answer to this request, as it is unless Handler::held_answer() has to
  // make another of it; when none comes within `wait_s`, Handler::on_deadline().
  void hold(Request const& request, std::uint32_t wait_s, bool as_it_is = true);

  // Comes back with the same request after whatever this loop has to do first.
  void defer(Request request);

  // From on_request(): its answer depends on somebody else, who answers in bounded time: no
  // deadline runs meanwhile. Then resume(), once, on the loop's thread: `step` answers, holds,
  // streams or suspends again, in a turn of its own, unless the connection has ended; what the
  // client sent behind the request comes after it. From one to the other this object lives, ended
  // or not.
  void suspend();
  void resume(std::function<void()> step);

  // Ends now, or when everything queued has been written.
  void end(EndReason reason);
  void end_after_writing(EndReason reason);

  Mode mode() const { return mode_; }
  Slot slot() const { return slot_; }
  bool ended() const { return ended_; }
  bool leaving() const { return ended_ || end_after_writing_ || dismissed_; }  // nothing new begins
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
  void go_on();
  void answered();
  void flush();
  void later(std::function<void()> step);
  void release_when_quiet();

  // For the table, during a fan-out.
  void deliver(Batch const& batch);
  void pass(Bytes const& bytes, std::span<EventPtr const> events);
  void queue(Bytes rest);
  bool follow_up_conflated();
  void deadline_passed();
  void beat();
  void dismiss(EndReason reason, std::uint32_t within_s);

  ConnectionTable& table_;
  Socket socket_;
  std::unique_ptr<RequestReader> reader_;
  std::unique_ptr<Outbox> outbox_;
  std::unique_ptr<SessionState> state_;
  Slot slot_;
  Mode mode_ = Mode::requests;
  EndReason end_reason_ = EndReason::client_closed;
  std::uint8_t waits_ = 0;  // parked operations and steps to come: a handful at most
  bool chunked_ = true;
  bool keep_alive_ = true;  // of the held request
  bool reading_ = false;    // a wait for readability is parked
  bool end_after_writing_ = false;
  bool dismissed_ = false;  // told to go: whatever ends it, end_reason_ counts
  bool ended_ = false;
};

}  // namespace pushlab::server

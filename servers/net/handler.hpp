#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "servers/event/bytes.hpp"
#include "servers/http/request.hpp"

namespace pushlab::server {

class Connection;

// What one kind of listener does with its connections: a strategy for the clients', the ingest for
// the backend's. One object a loop; every call comes on that loop's thread.
class Handler {
 public:
  virtual ~Handler() = default;

  // Answers, holds, suspends, or turns the connection into a stream, before it returns.
  virtual void on_request(Connection& connection, Request const& request) = 0;

  // Bytes from the client of a stream.
  virtual void on_bytes(Connection&, std::string_view) {}

  // What answers this held request, in the place of what answers all of them.
  virtual Bytes held_answer(Connection&, Bytes const& shared) { return shared; }

  // A held request was not answered in time: answer it now.
  virtual void on_deadline(Connection&) {}

  // The server shuts down: say goodbye at an event boundary and end.
  virtual void on_drain(Connection& connection) = 0;

  // The session behind the connection is over: tell the client, and end. Who has not gone a little
  // later is cut.
  virtual void on_revoke(Connection& connection);

  // The connection is gone from now on; no call for it follows.
  virtual void on_end(Connection&) {}

  // What a quiet stream carries, and whether the client has to answer before the next one.
  virtual std::string_view heartbeat() const { return {}; }
  virtual bool heartbeat_is_answered() const { return false; }

  // The form of heartbeats, batches and the like for an HTTP/1.0 client, who knows no chunks.
  virtual std::string_view unchunked(std::string_view frame) const { return frame; }

  // What tells a slow reader, ahead of the event `next_seq`, how many it does not get.
  virtual std::string conflated(std::uint64_t /*next_seq*/, std::uint64_t /*dropped*/) const {
    return {};
  }
};

}  // namespace pushlab::server

#pragma once
#include <memory>
#include <string>

#include "servers/clients/asked_for.hpp"
#include "servers/clients/door.hpp"
#include "servers/clients/members.hpp"
#include "servers/hub/broker.hpp"
#include "servers/hub/hub.hpp"
#include "servers/net/connection.hpp"
#include "servers/net/counters.hpp"
#include "servers/net/handler.hpp"

namespace pushlab::server {

// What the clients' side of one loop works with.
struct ClientContext {
  std::string server_name;  // the target's name: pushlab-sse
  Hub& hub;
  Broker const& broker;
  Counters& counters;
  Door& door;
  Members& members;
  std::uint32_t retry_ms = 2000;  // mean reconnection delay that clients are told
};

// What all strategies do alike on the clients' listener: the door, the snapshot, the memberships. A
// strategy is the rest: what its own path does.
class ClientHandler : public Handler {
 public:
  explicit ClientHandler(ClientContext context) : context_(std::move(context)) {}

  void on_request(Connection& connection, Request const& request) final;
  void on_end(Connection& connection) override;
  void on_drain(Connection& connection) override;
  std::string_view unchunked(std::string_view frame) const override {
    return context_.hub.encoder().unchunked(frame);
  }
  std::string conflated(std::uint64_t next_seq, std::uint64_t dropped) const override {
    return context_.hub.encoder().conflated({context_.broker.epoch(), next_seq - 1}, dropped);
  }

 protected:
  // A GET (or HEAD) of the strategy's path, by somebody who may have what it asks for.
  virtual void on_subscribe(Connection& connection, Request const& request,
                            Admission const& admission) = 0;

  Hub& hub() { return context_.hub; }
  ClientContext const& context() const { return context_; }

  // hub().resume(), counted.
  Resume resume(Request const& request, Viewer const& viewer);

 private:
  void proceed(Connection& connection, Request const& request, Decision const& decision);
  bool is_ahead(Request const& request) const;

  ClientContext context_;
};

// The answer to GET /snapshot: 304 when the client's ETag names the state that it would get.
Response snapshot_response(Hub& hub, Request const& request, Admission const& admission);

// 429, for a user who has too many connections.
Response too_many_connections();

}  // namespace pushlab::server

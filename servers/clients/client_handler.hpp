#pragma once
#include <optional>
#include <string>

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
  std::uint32_t retry_ms = 2000;  // mean reconnection delay that clients are told
};

// The subscription in `?events=`, or the answer to one that cannot be served.
struct AskedFor {
  Subscription subscription;
  std::optional<Response> refusal;
};
AskedFor asked_for(Target const& target);

// The cursor a client comes back with: the Last-Event-ID field wins over ?lastEventId= and ?since=.
std::optional<std::string> cursor_of(Request const& request);

// An unguessable name for one connection; what `origin` in a notification refers to.
std::string new_connection_id();

// What all strategies answer alike on the clients' listener: the snapshot, unknown paths, methods,
// subscriptions. A strategy is the rest: what its own path does.
class ClientHandler : public Handler {
 public:
  ClientHandler(ClientContext context, std::string path)
      : context_(std::move(context)), path_(std::move(path)) {}

  void on_request(Connection& connection, Request const& request) final;
  void on_end(Connection& connection) override {
    context_.hub.subscriptions().remove(connection.slot());
  }
  void on_drain(Connection& connection) override;
  std::string_view unchunked(std::string_view frame) const override {
    return context_.hub.encoder().unchunked(frame);
  }
  std::string conflated(std::uint64_t next_seq, std::uint64_t dropped) const override {
    return context_.hub.encoder().conflated({context_.broker.epoch(), next_seq - 1}, dropped);
  }

 protected:
  // A GET (or HEAD) of the strategy's path.
  virtual void on_subscribe(Connection& connection, Request const& request,
                            Subscription const& subscription) = 0;

  Hub& hub() { return context_.hub; }
  ClientContext const& context() const { return context_; }

  // hub().resume(), counted.
  Resume resume(Request const& request, Subscription const& subscription);

 private:
  bool is_ahead(Request const& request) const;

  ClientContext context_;
  std::string path_;
};

// The answer to GET /snapshot.
Response snapshot_response(Hub const& hub, Subscription const& subscription);

}  // namespace pushlab::server

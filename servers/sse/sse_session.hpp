#pragma once
#include "servers/clients/client_handler.hpp"
#include "servers/sse/sse_encoder.hpp"

namespace pushlab::server {

// GET /events: a stream that never ends. After its first bytes a client is eight bytes in the table
// and a parked wait, nothing else.
class SseSession : public ClientHandler {
 public:
  using ClientHandler::ClientHandler;

  void on_drain(Connection& connection) override { say_goodbye(connection, EndReason::drained); }
  void on_revoke(Connection& connection) override { say_goodbye(connection, EndReason::revoked); }
  std::string_view heartbeat() const override { return sse_heartbeat; }

 protected:
  void on_subscribe(Connection& connection, Request const& request,
                    Admission const& admission) override;

 private:
  static void say_goodbye(Connection& connection, EndReason reason);
};

}  // namespace pushlab::server

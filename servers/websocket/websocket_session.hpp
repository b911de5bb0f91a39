#pragma once
#include "servers/clients/client_handler.hpp"
#include "servers/websocket/frame_reader.hpp"

namespace pushlab::server {

// The answer to a request that should have been a WebSocket handshake but is none (RFC 6455 4.2),
// or nothing when it is one.
std::optional<Response> handshake_refusal(Request const& request);

// The bytes that accept the handshake.
std::string handshake_response(Request const& request);

// GET /ws: Beast reads the handshake, Asio waits for the socket; the frames are ours, because an
// event is framed once for everybody and nothing is kept for a client that sends nothing.
class WebSocketSession : public ClientHandler {
 public:
  using ClientHandler::ClientHandler;

  void on_bytes(Connection& connection, std::string_view bytes) override;
  void on_drain(Connection& connection) override { leave(connection, EndReason::drained, 1001); }
  void on_revoke(Connection& connection) override { leave(connection, EndReason::revoked, 1008); }
  std::string_view heartbeat() const override { return websocket_ping; }
  bool heartbeat_is_answered() const override { return true; }

 protected:
  void on_subscribe(Connection& connection, Request const& request,
                    Admission const& admission) override;

 private:
  void answer(Connection& connection, FrameReader::Control const& control);
  void leave(Connection& connection, EndReason reason, std::uint16_t code);
};

}  // namespace pushlab::server

#include "servers/websocket/websocket_session.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>

namespace pushlab::server {
namespace {

// Only for a client that is in the middle of a frame or a message, or that is saying goodbye.
struct WebSocketState : SessionState {
  FrameReader reader;
  bool closing = false;  // our close frame was sent
};

bool has_token(std::string_view field, std::string_view token) {
  return boost::beast::http::token_list{{field.data(), field.size()}}.exists(
      {token.data(), token.size()});
}

WebSocketState& state_of(Connection& connection) {
  if (!connection.state()) connection.state() = std::make_unique<WebSocketState>();
  return static_cast<WebSocketState&>(*connection.state());
}

void say_goodbye(Connection& connection, std::uint16_t code) {
  state_of(connection).closing = true;
  connection.send(owned(websocket_close(code)));
}

}  // namespace

std::optional<Response> handshake_refusal(Request const& request) {
  if (request.http_1_0 || !has_token(request.field("Upgrade"), "websocket") ||
      !has_token(request.field("Connection"), "upgrade")) {
    auto refusal = problem(426, "This resource speaks WebSocket: send an upgrade request.");
    refusal.fields = {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}};
    return refusal;
  }
  if (request.field("Sec-WebSocket-Version") != "13") {
    auto refusal = problem(426, "The WebSocket version must be 13.");
    refusal.fields = {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}};
    return refusal;
  }
  auto const key = request.field("Sec-WebSocket-Key");
  auto const keys = std::count_if(request.fields.begin(), request.fields.end(), [](auto& field) {
    return boost::beast::iequals(field.first, "Sec-WebSocket-Key");
  });
  // 16 bytes in base64: 22 digits and two signs of padding.
  if (keys != 1 || key.size() != 24 || !key.ends_with("=="))
    return problem(400, "Sec-WebSocket-Key must be one field with 16 bytes in base64.");
  return std::nullopt;
}

std::string handshake_response(Request const& request) {
  return "HTTP/1.1 101 Switching Protocols\r\n"
         "Upgrade: websocket\r\n"
         "Connection: Upgrade\r\n"
         "Sec-WebSocket-Accept: " +
         websocket_accept(request.field("Sec-WebSocket-Key")) + "\r\n\r\n";
}

void WebSocketSession::on_subscribe(Connection& connection, Request const& request,
                                    Admission const& admission) {
  if (auto refusal = handshake_refusal(request))
    return connection.respond(context().door.dressed(std::move(*refusal), request), request);
  auto viewer = admission.viewer;
  viewer.connection = new_connection_id();
  auto const resumed = resume(request, viewer);
  auto head = handshake_response(request);
  head += websocket_frame(
      Opcode::text, websocket_hello_text(resumed.from, viewer.connection, context().server_name));
  if (resumed.reset) head += websocket_frame(Opcode::text, websocket_reset_text(resumed.from));
  std::vector<Bytes> first{owned(std::move(head))};
  for (auto const& event : resumed.missed) first.push_back(frame_of(event));
  connection.send(first);
  if (connection.ended()) return;
  hub().add(connection.slot(), viewer);
  connection.start_stream();
}

void WebSocketSession::on_bytes(Connection& connection, std::string_view bytes) {
  FrameReader at_rest;
  auto* kept = static_cast<WebSocketState*>(connection.state().get());
  auto& reader = kept ? kept->reader : at_rest;
  while (!connection.ended() && reader.failure() == 0) {
    auto const control = reader.next(bytes);
    if (!control) break;
    answer(connection, *control);
  }
  if (connection.ended()) return;
  if (reader.failure() != 0) {
    say_goodbye(connection, reader.failure());
    return connection.end_after_writing(EndReason::bad_request);
  }
  auto const is_closing = kept && kept->closing;
  if (&reader == &at_rest) {
    if (!reader.at_rest()) state_of(connection).reader = std::move(at_rest);
  } else if (reader.at_rest() && !is_closing) {
    connection.state().reset();
  }
}

void WebSocketSession::answer(Connection& connection, FrameReader::Control const& control) {
  if (control.opcode == Opcode::ping) {
    // A client that pings without reading gets one answer when it reads again, not a queue of them.
    if (!connection.writing())
      connection.send(owned(websocket_frame(Opcode::pong, control.payload)));
  } else if (control.opcode == Opcode::close) {
    auto* state = static_cast<WebSocketState*>(connection.state().get());
    if (state && state->closing) return connection.end(EndReason::drained);
    connection.send(owned(websocket_close(close_answer(control.payload))));
    connection.end_after_writing(EndReason::client_closed);
  }
}

// The client answers the close frame; who does not is cut when the time for that is over.
void WebSocketSession::leave(Connection& connection, EndReason reason, std::uint16_t code) {
  if (connection.mode() != Connection::Mode::stream) return connection.end_after_writing(reason);
  hub().remove(connection.slot());
  say_goodbye(connection, code);
}

}  // namespace pushlab::server

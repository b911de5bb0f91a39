#include "loadgen/client/websocket_client.hpp"

#include <fmt/core.h>

#include "loadgen/client/websocket_handshake.hpp"
#include "loadgen/schedule/random.hpp"

namespace pushlab::loadgen {

namespace {

// Both are drawn from the plan's seed: the key need not be secret, and the mask guards only against
// old proxies.
std::string key_of(std::uint64_t seed, std::uint32_t client) {
  return websocket_key(random_bits(seed, Stream::websocket, std::uint64_t{client} * 2),
                       random_bits(seed, Stream::websocket, std::uint64_t{client} * 2 + 1));
}

}  // namespace

std::string WebSocketClient::opening() {
  response_ = HttpResponse();
  reader_ = WebSocketReader();
  upgraded_ = false;
  auto url = parse_url(expanded(setting_.plan.client_url, setting_, number_));
  if (!last_event_id_.empty()) {
    url.target += url.target.find('?') == std::string::npos ? '?' : '&';
    url.target += "lastEventId=" + last_event_id_;
  }
  auto request = fmt::format(
      "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: {}\r\nSec-WebSocket-Version: 13\r\n",
      url.target, url.authority, key_of(setting_.plan.seed, number_));
  auto const& subprotocol = setting_.plan.websocket_subprotocol;
  if (!subprotocol.empty()) request += "Sec-WebSocket-Protocol: " + subprotocol + "\r\n";
  for (auto const& header : setting_.plan.client_headers) request += header + "\r\n";
  return request + "\r\n";
}

std::string WebSocketClient::on_bytes(std::string_view bytes, std::int64_t now_ns) {
  if (!upgraded_) {
    response_.next(bytes);
    if (response_.failed()) return "the answer is not HTTP/1.1";
    if (!response_.has_head()) return {};
    auto problem = check_handshake(now_ns);
    if (!problem.empty()) return problem;
  }
  while (auto const message = reader_.next(bytes)) {
    auto problem = on_message(*message, now_ns);
    if (!problem.empty()) return problem;
  }
  return reader_.error();
}

std::string WebSocketClient::check_handshake(std::int64_t now_ns) {
  if (response_.status() != 101) {
    return fmt::format("the server answered {} to the upgrade", response_.status());
  }
  auto const accept = response_.header("sec-websocket-accept").value_or("");
  if (accept != websocket_accept(key_of(setting_.plan.seed, number_))) {
    return "Sec-WebSocket-Accept does not match the key (RFC 6455 4.1)";
  }
  upgraded_ = true;
  response_.forget_head();
  for (auto const& text : setting_.plan.websocket_hello) {
    send_frame(WebSocketMessage::Kind::text, expanded(text, setting_, number_));
  }
  stands(now_ns);
  return {};
}

std::string WebSocketClient::on_message(WebSocketMessage const& message, std::int64_t now_ns) {
  using Kind = WebSocketMessage::Kind;
  switch (message.kind) {
    case Kind::text:
    case Kind::binary:
      on_text(message.payload, now_ns);
      break;
    case Kind::ping:
      send_frame(Kind::pong, message.payload);
      break;
    case Kind::pong:
      break;
    case Kind::close:
      send_frame(Kind::close, message.payload.substr(0, 2));
      return "the server closed the WebSocket";
  }
  return {};
}

// The id is looked for before the data, where our servers put it:
// {"event":"db","id":"<id>","data":...}.
void WebSocketClient::on_text(std::string_view text, std::int64_t now_ns) {
  auto const head = text.substr(0, text.find("\"data\":"));
  constexpr std::string_view id_member = "\"id\":\"";
  if (auto const at = head.find(id_member); at != std::string_view::npos) {
    auto const id = head.substr(at + id_member.size());
    last_event_id_ = id.substr(0, id.find('"'));
  }
  if (head.find("\"event\":\"reset\"") != std::string_view::npos) saw_reset();
  if (setting_.plan.refresh && head.find("\"event\":\"hello\"") != std::string_view::npos) return;
  saw_event(text, last_event_id_, now_ns);
}

void WebSocketClient::send_frame(WebSocketMessage::Kind kind, std::string_view payload) {
  auto const mask = static_cast<std::uint32_t>(mix(setting_.plan.seed ^ number_));
  send_bytes(client_frame(kind, payload, mask));
}

}  // namespace pushlab::loadgen

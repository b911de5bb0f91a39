// A WebSocket client (RFC 6455) that checks the handshake, answers pings and close, and resumes
// with ?lastEventId=.
#pragma once

#include "loadgen/client/http_response.hpp"
#include "loadgen/client/stream_client.hpp"
#include "loadgen/client/websocket_reader.hpp"

namespace pushlab::loadgen {

class WebSocketClient final : public StreamClient {
 public:
  using StreamClient::StreamClient;

 private:
  std::string opening() override;
  std::string on_bytes(std::string_view bytes, std::int64_t now_ns) override;

  std::string check_handshake(std::int64_t now_ns);
  std::string on_message(WebSocketMessage const& message, std::int64_t now_ns);
  void on_text(std::string_view text, std::int64_t now_ns);
  void send_frame(WebSocketMessage::Kind kind, std::string_view payload);

  HttpResponse response_;
  WebSocketReader reader_;
  std::string last_event_id_;
  bool upgraded_ = false;
};

}  // namespace pushlab::loadgen

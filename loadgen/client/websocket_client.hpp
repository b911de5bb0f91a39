// A WebSocket client (RFC 6455) that checks the handshake, answers pings and close, and resumes
// with ?lastEventId=. What
// its messages mean is its own or, for MQTT, a derived client's.
#pragma once

#include "loadgen/client/http_response.hpp"
#include "loadgen/client/stream_client.hpp"
#include "loadgen/client/websocket_reader.hpp"

namespace pushlab::loadgen {

class WebSocketClient : public StreamClient {
 public:
  using StreamClient::StreamClient;

 protected:
  virtual void on_upgraded(std::int64_t now_ns);  // every fresh connection, before any message
  virtual std::string on_data(std::string_view data,
                              std::int64_t now_ns);  // why it is broken, or ""
  void send_frame(WebSocketMessage::Kind kind, std::string_view payload);

 private:
  std::string opening() override;
  std::string on_bytes(std::string_view bytes, std::int64_t now_ns) override;

  std::string check_handshake(std::int64_t now_ns);
  std::string on_message(WebSocketMessage const& message, std::int64_t now_ns);
  bool talk(std::string_view text, std::int64_t now_ns);

  HttpResponse response_;
  WebSocketReader reader_;
  std::string last_event_id_;
  bool upgraded_ = false;
  bool welcomed_ = false;
};

}  // namespace pushlab::loadgen

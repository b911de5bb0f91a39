// An MQTT 3.1.1 subscriber over WebSocket (section 6): stands when its subscriptions are confirmed.
//
// A clean session: what is published while it is away is not delivered later.
#pragma once

#include "loadgen/client/mqtt_packet.hpp"
#include "loadgen/client/websocket_client.hpp"

namespace pushlab::loadgen {

class MqttClient final : public WebSocketClient {
 public:
  using WebSocketClient::WebSocketClient;

  void check_deadline(std::int64_t now_ns) override;

 private:
  void on_upgraded(std::int64_t now_ns) override;
  std::string on_data(std::string_view bytes, std::int64_t now_ns) override;

  std::string on_packet(MqttPacket const& packet, std::int64_t now_ns);
  std::string on_publish(MqttPacket const& packet, std::int64_t now_ns);
  void subscribe();
  void send(std::string_view packet) { send_frame(WebSocketMessage::Kind::binary, packet); }

  MqttReader packets_;
  bool subscribed_ = false;
  std::int64_t pinged_ns_ = 0;
};

}  // namespace pushlab::loadgen

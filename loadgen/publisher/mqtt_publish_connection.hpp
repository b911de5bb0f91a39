// A connection to an ingest that speaks MQTT 3.1.1: CONNECT first, then PUBLISH and PUBACK in turn.
#pragma once

#include "loadgen/client/mqtt_packet.hpp"
#include "loadgen/publisher/publish_connection.hpp"

namespace pushlab::loadgen {

class MqttPublishConnection final : public PublishConnection {
 public:
  // A connection has one PUBLISH under way, so one id does for all.
  static constexpr std::uint16_t packet_id = 1;

  using PublishConnection::PublishConnection;

 private:
  void greet() override;
  void forget_answer() override {}
  void take(std::string_view bytes) override;
  unsigned status_at_end() const override { return 0; }
  bool on_packet(MqttPacket const& packet);  // false: the connection is cut

  MqttReader packets_;
};

}  // namespace pushlab::loadgen

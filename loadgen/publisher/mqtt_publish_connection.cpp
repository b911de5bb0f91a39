#include "loadgen/publisher/mqtt_publish_connection.hpp"

namespace pushlab::loadgen {

namespace {

// A publisher may be silent for longer than any keep-alive: none is asked for (MQTT 3.1.2.10).
constexpr std::uint16_t no_keep_alive = 0;
constexpr unsigned done = 200;  // what HTTP would say for a PUBACK

}  // namespace

void MqttPublishConnection::greet() {
  packets_ = MqttReader();
  say(mqtt_connect(no_keep_alive));
}

void MqttPublishConnection::take(std::string_view bytes) {
  while (auto const packet = packets_.next(bytes)) {
    if (!on_packet(*packet)) return cut();
  }
  if (!packets_.error().empty()) cut();
}

bool MqttPublishConnection::on_packet(MqttPacket const& packet) {
  if (packet.type == MqttPacket::Type::connack && state() == State::connecting) {
    if (!connack_problem(packet).empty()) return false;
    ready();
    return true;
  }
  if (packet.type != MqttPacket::Type::puback || state() != State::busy) return false;
  if (read_puback(packet) != packet_id) return false;
  answered(done, true);
  return true;
}

}  // namespace pushlab::loadgen

#include "loadgen/client/mqtt_client.hpp"

#include <string>
#include <vector>

namespace pushlab::loadgen {

namespace {

constexpr std::uint16_t keep_alive_s = 60;
constexpr std::int64_t ping_every_ns = std::int64_t{keep_alive_s} / 2 * 1'000'000'000;
constexpr std::uint16_t subscribe_id = 1;

}  // namespace

void MqttClient::on_upgraded(std::int64_t now_ns) {
  packets_ = MqttReader();
  subscribed_ = false;
  pinged_ns_ = now_ns;
  send(mqtt_connect(keep_alive_s));
}

// Packets may begin and end anywhere in the messages (MQTT 6.0).
std::string MqttClient::on_data(std::string_view bytes, std::int64_t now_ns) {
  while (auto const packet = packets_.next(bytes)) {
    auto problem = on_packet(*packet, now_ns);
    if (!problem.empty()) return problem;
  }
  return packets_.error();
}

std::string MqttClient::on_packet(MqttPacket const& packet, std::int64_t now_ns) {
  using Type = MqttPacket::Type;
  switch (packet.type) {
    case Type::publish:
      return on_publish(packet, now_ns);
    case Type::connack: {
      auto problem = connack_problem(packet);
      if (problem.empty()) subscribe();
      return problem;
    }
    case Type::suback: {
      auto problem = suback_problem(packet, subscribe_id, setting_.plan.subscriptions);
      subscribed_ = problem.empty();
      if (subscribed_) stands(now_ns);
      return problem;
    }
    case Type::puback:
    case Type::pingresp:
      break;
  }
  return {};
}

std::string MqttClient::on_publish(MqttPacket const& packet, std::int64_t now_ns) {
  auto const message = read_publish(packet);
  if (!message) return "a PUBLISH is broken (MQTT 3.3)";
  saw_event(message->payload, {}, now_ns);
  if (message->qos > 0) send(mqtt_puback(message->id));
  return {};
}

void MqttClient::subscribe() {
  std::vector<std::string> topics;
  for (auto const name : setting_.subscriptions.of(number_))
    topics.push_back("t" + std::to_string(name));
  send(mqtt_subscribe(subscribe_id, topics, static_cast<std::uint8_t>(setting_.plan.mqtt_qos)));
}

void MqttClient::check_deadline(std::int64_t now_ns) {
  StreamClient::check_deadline(now_ns);
  if (!subscribed_ || now_ns - pinged_ns_ < ping_every_ns) return;
  pinged_ns_ = now_ns;
  send(mqtt_pingreq());
}

}  // namespace pushlab::loadgen

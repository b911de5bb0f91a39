#include "loadgen/client/mqtt_packet.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace pushlab::loadgen {

namespace {

constexpr std::uint8_t refused_subscription = 0x80;

void add_number(std::string& to, std::size_t number) {
  to += static_cast<char>(number >> 8);
  to += static_cast<char>(number);
}

void add_text(std::string& to, std::string_view text) {
  add_number(to, text.size());
  to += text;
}

// The first byte and the length of what follows, seven bits a byte (2.2.3).
std::string head(int first, std::size_t length) {
  std::string out(1, static_cast<char>(first));
  do {
    out += static_cast<char>((length & 0x7f) | (length > 0x7f ? 0x80 : 0));
    length >>= 7;
  } while (length > 0);
  return out;
}

std::uint16_t number_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at]) << 8 |
                                    static_cast<unsigned char>(bytes[at + 1]));
}

bool is_expected(std::uint8_t first_byte) {
  using Type = MqttPacket::Type;
  auto const type = static_cast<Type>(first_byte >> 4);
  if (type == Type::publish) return (first_byte & 0x06) != 0x06;
  return (first_byte & 0x0f) == 0 && (type == Type::connack || type == Type::puback ||
                                      type == Type::suback || type == Type::pingresp);
}

}  // namespace

std::string mqtt_connect(std::uint16_t keep_alive_s) {
  constexpr char level = 4, clean_session = 2;
  std::string body;
  add_text(body, "MQTT");
  body += level;
  body += clean_session;
  add_number(body, keep_alive_s);
  add_text(body, "");
  return head(0x10, body.size()) + body;
}

std::string mqtt_subscribe(std::uint16_t id, std::vector<std::string> const& topics,
                           std::uint8_t qos) {
  std::string body;
  add_number(body, id);
  for (auto const& topic : topics) {
    add_text(body, topic);
    body += static_cast<char>(qos);
  }
  return head(0x82, body.size()) + body;
}

std::string mqtt_publish(std::string_view topic, std::string_view payload, std::uint8_t qos,
                         std::uint16_t id) {
  auto out = head(0x30 | qos << 1, 2 + topic.size() + (qos > 0 ? 2 : 0) + payload.size());
  add_text(out, topic);
  if (qos > 0) add_number(out, id);
  return out.append(payload);
}

std::string mqtt_puback(std::uint16_t id) {
  std::string out("\x40\x02", 2);
  add_number(out, id);
  return out;
}

std::string mqtt_pingreq() {
  return {"\xc0\0", 2};
}

std::optional<MqttPublish> read_publish(MqttPacket const& packet) {
  auto rest = packet.body;
  auto const qos = static_cast<std::uint8_t>(packet.flags >> 1 & 3);
  if (rest.size() < 2) return std::nullopt;
  std::size_t const topic_size = number_at(rest, 0);
  std::size_t const id_size = qos > 0 ? 2 : 0;
  if (rest.size() < 2 + topic_size + id_size) return std::nullopt;
  auto const topic = rest.substr(2, topic_size);
  rest.remove_prefix(2 + topic_size);
  auto const id = qos > 0 ? number_at(rest, 0) : std::uint16_t{0};
  if (qos > 0 && id == 0) return std::nullopt;
  return MqttPublish{topic, rest.substr(id_size), qos, id};
}

std::optional<std::uint16_t> read_puback(MqttPacket const& packet) {
  return packet.body.size() == 2 ? std::optional(number_at(packet.body, 0)) : std::nullopt;
}

std::string connack_problem(MqttPacket const& packet) {
  if (packet.body.size() != 2) return "the answer to CONNECT is broken (MQTT 3.2)";
  auto const code = static_cast<unsigned char>(packet.body[1]);
  return code == 0 ? ""
                   : fmt::format("the server refused CONNECT with code {} (MQTT 3.2.2.3)", code);
}

std::string suback_problem(MqttPacket const& packet, std::uint16_t id, std::size_t topics) {
  auto const body = packet.body;
  if (body.size() != 2 + topics || number_at(body, 0) != id)
    return "the answer to SUBSCRIBE is broken (MQTT 3.9)";
  bool const refused = std::ranges::any_of(body.substr(2), [](char code) {
    return static_cast<unsigned char>(code) == refused_subscription;
  });
  return refused ? "the server refused a subscription (MQTT 3.9.3)" : "";
}

std::optional<MqttPacket> MqttReader::next(std::string_view& input) {
  if (delivered_) {
    body_ = std::string();
    delivered_ = false;
  }
  if (error_ != nullptr || (!header_done_ && !read_header(input))) return std::nullopt;
  return take_body(input);
}

// True when the whole header is there and sound.
bool MqttReader::read_header(std::string_view& input) {
  while (!input.empty()) {
    auto const byte = static_cast<std::uint8_t>(input.front());
    input.remove_prefix(1);
    header_[header_size_++] = byte;
    if (header_size_ == 1) {
      left_ = 0;
      if (is_expected(byte)) continue;
      error_ = "a packet is of no kind that a server sends (MQTT 2.2)";
      return false;
    }
    left_ |= std::size_t{byte & 0x7fU} << (7 * (header_size_ - 2));
    if ((byte & 0x80) == 0) {
      header_size_ = 0;
      header_done_ = left_ <= limit_;
      if (!header_done_) error_ = "a packet is longer than the limit of this client";
      return header_done_;
    }
    if (header_size_ == header_.size()) {
      error_ = "a packet's length has more than four bytes (MQTT 2.2.3)";
      return false;
    }
  }
  return false;
}

std::optional<MqttPacket> MqttReader::take_body(std::string_view& input) {
  auto const piece = input.substr(0, left_);
  auto const whole = body_.empty() && piece.size() == left_;
  input.remove_prefix(piece.size());
  left_ -= piece.size();
  if (!whole) body_ += piece;
  if (left_ > 0) return std::nullopt;
  header_done_ = false;
  delivered_ = !whole;
  return MqttPacket{static_cast<MqttPacket::Type>(header_[0] >> 4),
                    static_cast<std::uint8_t>(header_[0] & 0x0f), whole ? piece : body_};
}

}  // namespace pushlab::loadgen

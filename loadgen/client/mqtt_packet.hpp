// The MQTT 3.1.1 packets (OASIS, 29 October 2014) that a subscriber and a publisher need. No I/O.
//
// No library of Debian 12 can be the client without being measured with the server. The generator
// spends 6 to 7 us of CPU on a delivery; Paho C 1.3.12 spends 14 us with 400 clients and 21 us with
// 1000, and hides the sockets, of which arrival times and wire bytes are read. libmosquitto 2.0.11
// speaks no WebSocket: fed through a socket of its own it adds 3 us (QoS 1: 6 us), four descriptors
// a client and kernel memory that would be counted as the server's. It is the tests' reference.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pushlab::loadgen {

struct MqttPacket {
  enum class Type : std::uint8_t {
    connack = 2,
    publish = 3,
    puback = 4,
    suback = 9,
    pingresp = 13,
  };
  Type type;
  std::uint8_t flags;     // the low four bits of the first byte
  std::string_view body;  // holds until the next call of next()
};

// A clean session whose client id the server chooses.
std::string mqtt_connect(std::uint16_t keep_alive_s);
std::string mqtt_subscribe(std::uint16_t id, std::vector<std::string> const& topics,
                           std::uint8_t qos);
// At QoS 1; at QoS 0 it has no id.
std::string mqtt_publish(std::string_view topic, std::string_view payload, std::uint8_t qos,
                         std::uint16_t id);
std::string mqtt_puback(std::uint16_t id);
std::string mqtt_pingreq();

struct MqttPublish {
  std::string_view topic;
  std::string_view payload;
  std::uint8_t qos;
  std::uint16_t id;  // 0 at QoS 0
};

// Each is nothing when the packet is broken. REQUIRES: a packet of that type
std::optional<MqttPublish> read_publish(MqttPacket const& packet);
std::optional<std::uint16_t> read_puback(MqttPacket const& packet);

// Why the server refused, "" when it did not. REQUIRES: a packet of that type
std::string connack_problem(MqttPacket const& packet);
std::string suback_problem(MqttPacket const& packet, std::uint16_t id, std::size_t topics);

// Incremental reader of the packets that a server sends. One that lies whole in one chunk is a view
// into it; only split ones are copied.
class MqttReader {
 public:
  static constexpr std::size_t default_limit = std::size_t{1} << 20;

  // `limit` bounds the body of a packet, in bytes.
  explicit MqttReader(std::size_t limit = default_limit) : limit_(limit) {}

  // The next packet, taken off the front of `input`; nothing when more input is needed or the
  // stream is broken.
  std::optional<MqttPacket> next(std::string_view& input);

  std::string error() const { return error_ == nullptr ? std::string() : std::string(error_); }

 private:
  bool read_header(std::string_view& input);
  std::optional<MqttPacket> take_body(std::string_view& input);

  std::size_t limit_;
  char const* error_ = nullptr;
  std::array<std::uint8_t, 5> header_{};
  std::uint8_t header_size_ = 0;
  bool header_done_ = false;
  bool delivered_ = false;  // body_ went out with the last call
  std::size_t left_ = 0;    // bytes of the body still to come
  std::string body_;        // of a split packet
};

}  // namespace pushlab::loadgen

#include "loadgen/client/mqtt_packet.hpp"

#include <gtest/gtest.h>

#include <string>

namespace pushlab::loadgen {
namespace {

using Type = MqttPacket::Type;
using namespace std::string_literals;

struct Reading {
  std::string text;  // "type.flags:body;" for each packet
  std::string error;
};

Reading read_by(std::string_view stream, std::size_t size, std::size_t limit = 1 << 20) {
  MqttReader reader(limit);
  Reading out;
  for (std::size_t at = 0; at < stream.size(); at += size) {
    std::string const own(stream.substr(at, size));
    std::string_view input = own;
    while (auto const packet = reader.next(input)) {
      out.text += std::to_string(static_cast<int>(packet->type)) + '.' +
                  std::to_string(packet->flags) + ':';
      out.text.append(packet->body) += ';';
    }
  }
  out.error = reader.error();
  return out;
}

MqttPacket publish_packet(std::string_view body, int flags) {
  return {Type::publish, static_cast<std::uint8_t>(flags), body};
}

TEST(MqttPacket, writes_the_bytes_of_the_standard) {
  EXPECT_EQ(mqtt_connect(60), "\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0"s);
  EXPECT_EQ(mqtt_subscribe(10, {"a/b", "c"}, 1),
            "\x82\x0c\0\x0a\0\x03"s + "a/b\x01\0\x01"s + "c\x01"s);
  EXPECT_EQ(mqtt_publish("t0", "hi", 0, 0), "\x30\x06\0\x02t0hi"s);
  EXPECT_EQ(mqtt_publish("t0", "hi", 1, 258), "\x32\x08\0\x02t0\x01\x02hi"s);
  EXPECT_EQ(mqtt_puback(258), "\x40\x02\x01\x02"s);
  EXPECT_EQ(mqtt_pingreq(), "\xc0\0"s);
}

TEST(MqttPacket, writes_lengths_of_up_to_three_bytes) {
  EXPECT_EQ(mqtt_publish("t", std::string(124, 'x'), 0, 0).substr(0, 3), "\x30\x7f\0"s);
  EXPECT_EQ(mqtt_publish("t", std::string(125, 'x'), 0, 0).substr(0, 3), "\x30\x80\x01"s);
  EXPECT_EQ(mqtt_publish("t", std::string(16381, 'x'), 0, 0).substr(0, 4), "\x30\x80\x80\x01"s);
}

TEST(MqttPacket, reads_a_publish_with_and_without_an_id) {
  auto const short_body = "\0\x02t0hi"s;
  auto const plain = read_publish(publish_packet(short_body, 0));
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->topic, "t0");
  EXPECT_EQ(plain->payload, "hi");
  EXPECT_EQ(plain->qos, 0);
  auto const long_body = "\0\x02t0\x01\x02hi"s;
  auto const counted = read_publish(publish_packet(long_body, 0x2 | 0x8 | 0x1));
  ASSERT_TRUE(counted);
  EXPECT_EQ(counted->payload, "hi");
  EXPECT_EQ(counted->qos, 1);
  EXPECT_EQ(counted->id, 258);
}

TEST(MqttPacket, refuses_a_publish_that_lacks_something) {
  EXPECT_FALSE(read_publish(publish_packet("\0"s, 0)));
  EXPECT_FALSE(read_publish(publish_packet("\0\x03t0"s, 0)));
  EXPECT_FALSE(read_publish(publish_packet("\0\x02t0\x01"s, 2)));
  EXPECT_FALSE(read_publish(publish_packet("\0\x02t0\0\0x"s, 2)));
}

TEST(MqttPacket, tells_consent_from_refusal) {
  EXPECT_EQ(connack_problem({Type::connack, 0, "\0\0"s}), "");
  EXPECT_NE(connack_problem({Type::connack, 0, "\0\x05"s}).find("code 5"), std::string::npos);
  EXPECT_NE(connack_problem({Type::connack, 0, "\0"s}), "");
  EXPECT_EQ(suback_problem({Type::suback, 0, "\0\x01\0\x01"s}, 1, 2), "");
  EXPECT_NE(suback_problem({Type::suback, 0, "\0\x01\0\x80"s}, 1, 2).find("refused"),
            std::string::npos);
  EXPECT_NE(suback_problem({Type::suback, 0, "\0\x01\0"s}, 1, 2).find("broken"), std::string::npos);
  EXPECT_NE(suback_problem({Type::suback, 0, "\0\x02\0\0"s}, 1, 2).find("broken"),
            std::string::npos);
  EXPECT_EQ(read_puback({Type::puback, 0, "\x01\x02"s}), 258);
  EXPECT_EQ(read_puback({Type::puback, 0, "\x01"s}), std::nullopt);
}

TEST(MqttReader, reads_packets_in_every_chunking) {
  auto const stream = "\x20\x02\0\0"s + "\x90\x03\0\x01\0"s + mqtt_publish("t0", "hello", 1, 7) +
                      mqtt_publish("t0", std::string(200, 'x'), 0, 0) + "\xd0\0"s + mqtt_puback(1);
  auto const expected = "2.0:\0\0;9.0:\0\x01\0;3.2:\0\x02t0\0\x07hello;3.0:\0\x02t0"s +
                        std::string(200, 'x') + ";13.0:;4.0:\0\x01;"s;
  for (std::size_t size = 1; size <= stream.size(); ++size) {
    auto const out = read_by(stream, size);
    EXPECT_EQ(out.text, expected) << "in chunks of " << size;
    EXPECT_EQ(out.error, "") << "in chunks of " << size;
  }
}

TEST(MqttReader, refuses_what_a_server_never_sends) {
  for (auto const* first : {"\x10", "\x21", "\x36", "\x41", "\xe0", "\xf0"}) {
    auto const out = read_by(mqtt_puback(1) + first + "\x02xx", 3);
    EXPECT_NE(out.error.find("no kind"), std::string::npos) << int(first[0]);
    EXPECT_EQ(out.text, "4.0:\0\x01;"s);
  }
  EXPECT_NE(read_by("\x30\xff\xff\xff\xff\x01", 1).error.find("four bytes"), std::string::npos);
}

TEST(MqttReader, bounds_a_packet_before_it_is_read) {
  EXPECT_NE(read_by(mqtt_publish("t", std::string(98, 'x'), 0, 0), 1, 100).error, "");
  EXPECT_EQ(read_by(mqtt_publish("t", std::string(97, 'x'), 0, 0), 1, 100).error, "");
  EXPECT_NE(read_by("\x30\xff\xff\xff\x7f", 1).error, "");
}

}  // namespace
}  // namespace pushlab::loadgen

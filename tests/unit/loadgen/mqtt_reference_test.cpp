// The codec against libmosquitto, byte for byte; why that is not the client itself, mqtt_packet.hpp
// says.
#include <gtest/gtest.h>
#include <mosquitto.h>

#include <array>
#include <string>

#include "loadgen/client/mqtt_packet.hpp"
#include "tests/unit/loadgen/library_client.hpp"

namespace pushlab::loadgen {
namespace {

using namespace std::string_literals;

TEST(MqttReference, libmosquitto_writes_the_same_packets) {
  LibraryClient library;
  EXPECT_EQ(library.said(), mqtt_connect(60));
  library.hears("\x20\x02\0\0"s);

  std::array<char*, 2> topics{const_cast<char*>("t0"), const_cast<char*>("t12")};
  int id = 0;
  ASSERT_EQ(mosquitto_subscribe_multiple(*library, &id, 2, topics.data(), 1, 0, nullptr),
            MOSQ_ERR_SUCCESS);
  EXPECT_EQ(library.said(), mqtt_subscribe(static_cast<std::uint16_t>(id), {"t0", "t12"}, 1));

  for (int const size : {1, 100, 200, 3000}) {
    std::string const payload(static_cast<std::size_t>(size), 'x');
    for (auto const qos : {std::uint8_t{0}, std::uint8_t{1}}) {
      ASSERT_EQ(mosquitto_publish(*library, &id, "t0", size, payload.data(), qos, false),
                MOSQ_ERR_SUCCESS);
      EXPECT_EQ(library.said(), mqtt_publish("t0", payload, qos, static_cast<std::uint16_t>(id)))
          << size << " bytes, QoS " << int(qos);
      if (qos > 0) library.hears(mqtt_puback(static_cast<std::uint16_t>(id)));
    }
  }
}

TEST(MqttReference, libmosquitto_reads_what_the_codec_writes_and_acknowledges_alike) {
  LibraryClient library;
  EXPECT_NE(library.said(), "");
  library.hears("\x20\x02\0\0"s);
  EXPECT_EQ(library.hears(mqtt_publish("t0", "hi", 0, 0)), "t0=hi;");
  EXPECT_EQ(library.said(), "");
  EXPECT_EQ(library.hears(mqtt_publish("t7", "counted", 1, 258)), "t7=counted;");
  EXPECT_EQ(library.said(), mqtt_puback(258));
}

TEST(MqttReference, the_codec_reads_what_libmosquitto_publishes) {
  LibraryClient library;
  EXPECT_NE(library.said(), "");
  library.hears("\x20\x02\0\0"s);
  std::string const payload(300, 'y');
  int id = 0;
  ASSERT_EQ(mosquitto_publish(*library, &id, "t3", 300, payload.data(), 1, false),
            MOSQ_ERR_SUCCESS);
  auto const bytes = library.said();
  std::string_view input = bytes;
  MqttReader reader;
  auto const packet = reader.next(input);
  ASSERT_TRUE(packet);
  auto const publish = read_publish(*packet);
  ASSERT_TRUE(publish);
  EXPECT_EQ(publish->topic, "t3");
  EXPECT_EQ(publish->payload, payload);
  EXPECT_EQ(publish->id, id);
  EXPECT_EQ(input, "");
}

}  // namespace
}  // namespace pushlab::loadgen

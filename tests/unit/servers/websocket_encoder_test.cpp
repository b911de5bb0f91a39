#include "servers/websocket/websocket_encoder.hpp"

#include <boost/json.hpp>

#include "tests/unit/servers/events.hpp"

namespace pushlab::server {
namespace {

using std::string_literals::operator""s;

TEST(WebSocketFrame, has_the_shortest_length_form) {
  struct Case {
    std::size_t size;
    std::string head;
  };
  for (auto const& [size, head] : {Case{0, "\x81\x00"s}, Case{125, "\x81\x7D"s},
                                   Case{126, "\x81\x7E\x00\x7E"s}, Case{65535, "\x81\x7E\xFF\xFF"s},
                                   Case{65536, "\x81\x7F\x00\x00\x00\x00\x00\x01\x00\x00"s}}) {
    std::string const payload(size, 'p');
    EXPECT_EQ(websocket_frame(Opcode::text, payload), head + payload) << size;
  }
}

TEST(WebSocketFrame, close_carries_its_code_in_network_order) {
  EXPECT_EQ(websocket_close(1001), "\x88\x02\x03\xE9"s);
  EXPECT_EQ(websocket_close(1001, "bye"), "\x88\x05\x03\xE9"s + "bye");
}

TEST(WebSocketFrame, ping_is_an_empty_control_frame) {
  EXPECT_EQ(websocket_ping, websocket_frame(Opcode::ping, ""));
}

TEST(WebSocketEncoder, an_event_is_one_text_message_with_id_and_body) {
  auto const frame = WebSocketEncoder{}.frame({0xAB, 7}, notification("a"));
  EXPECT_EQ(frame.substr(2), R"({"event":"db","id":"ab-7","data":)" + notification_json("a") + "}");
  EXPECT_EQ(static_cast<unsigned char>(frame[0]), 0x81);
  EXPECT_EQ(static_cast<unsigned char>(frame[1]), frame.size() - 2);
}

TEST(WebSocketEncoder, forwards_no_data_that_is_to_be_kept_back) {
  auto n = notification("a");
  n.without_data = "{}";
  EXPECT_EQ(WebSocketEncoder{}.frame({0xAB, 7}, n),
            websocket_frame(Opcode::text, R"({"event":"db","id":"ab-7","data":{}})"));
}

TEST(WebSocketEncoder, tells_how_much_was_dropped_and_where_to_go_on_in_one_message) {
  EXPECT_EQ(WebSocketEncoder{}.conflated({0xAB, 7}, 12),
            "\x81\x37"s + R"({"event":"conflated","id":"ab-7","data":{"dropped":12}})");
}

TEST(WebSocketTexts, hello_and_reset_are_json_with_event_and_id) {
  auto const hello = boost::json::parse(websocket_hello_text({0xAB, 7}, "c1", "pushlab-websocket"));
  EXPECT_EQ(hello.at("event"), "hello");
  EXPECT_EQ(hello.at("id"), "ab-7");
  EXPECT_EQ(hello.at("data").at("connection"), "c1");
  EXPECT_EQ(hello.at("data").at("server"), "pushlab-websocket");
  auto const reset = boost::json::parse(websocket_reset_text({0xAB, 7}));
  EXPECT_EQ(reset.at("event"), "reset");
  EXPECT_EQ(reset.at("data").at("cursor"), "ab-7");
}

TEST(WebSocketAccept, is_what_rfc_6455_1_3_computes) {
  EXPECT_EQ(websocket_accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

}  // namespace
}  // namespace pushlab::server

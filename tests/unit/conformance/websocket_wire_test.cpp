#include <gtest/gtest.h>

#include <random>

#include "tests/conformance/wire/websocket_peer.hpp"

namespace pushlab::conformance {
namespace {

using namespace std::string_literals;
using Kind = WebSocketBreach::Kind;

WebSocketLog read(WebSocketReader::From sender, std::string_view bytes, std::size_t step = 1) {
  WebSocketReader reader(sender);
  for (std::size_t at = 0; at < bytes.size(); at += step)
    reader.feed(bytes.substr(at, step), Instant(std::chrono::seconds(at)));
  return reader.log();
}

WebSocketLog read(std::string_view bytes, std::size_t step = 1) {
  return read(WebSocketReader::From::server, bytes, step);
}

std::string sent(WebSocketFrame frame) {
  frame.masked = false;
  return frame.bytes();
}

std::string noise(std::size_t size) {
  std::mt19937 numbers(1);
  std::string text;
  while (text.size() < size) text += static_cast<char>('!' + numbers() % 90);
  return text;
}

TEST(WebSocketFrame, has_the_bytes_of_the_standards_examples) {
  EXPECT_EQ(sent({.payload = "Hello"}), "\x81\x05Hello");
  EXPECT_EQ(WebSocketFrame{.payload = "Hello"}.bytes(),
            "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
  EXPECT_EQ(sent({.payload = "Hel", .fin = false}), "\x01\x03Hel");
  EXPECT_EQ(sent({.opcode = Opcode::binary, .payload = std::string(256, 'x')}).substr(0, 4),
            "\x82\x7E\x01\x00"s);
  EXPECT_EQ(sent({.opcode = Opcode::binary, .payload = std::string(65536, 'x')}).substr(0, 10),
            "\x82\x7F\x00\x00\x00\x00\x00\x01\x00\x00"s);
  EXPECT_EQ(sent({.payload = "", .announced = 1ULL << 63}).substr(2), "\x80\0\0\0\0\0\0\0"s);
  EXPECT_EQ(websocket_accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(WebSocketReader, joins_fragments_and_keeps_times) {
  auto const log = read(sent({.payload = "Hel", .fin = false}) +
                        sent({.opcode = Opcode::ping, .payload = "between"}) +
                        sent({.opcode = Opcode::continuation, .payload = "lo"}));
  ASSERT_EQ(log.messages.size(), 1U);
  EXPECT_EQ(log.messages[0].payload, "Hello");
  EXPECT_EQ(log.messages[0].frames, 2U);
  EXPECT_EQ(log.messages[0].first_at, Instant(std::chrono::seconds(0)));
  EXPECT_EQ(log.messages[0].at, Instant(std::chrono::seconds(17)));
  EXPECT_EQ(log.frames[1].payload, "between");
  EXPECT_TRUE(log.breaches.empty());
  EXPECT_FALSE(log.in_frame || log.in_message);
}

TEST(WebSocketReader, says_what_the_sender_must_not_do) {
  auto const first = [](std::string const& bytes) {
    auto const log = read(bytes);
    return log.breaches.empty() ? -1 : static_cast<int>(log.breaches.front().kind);
  };
  auto const is = [](Kind kind) { return static_cast<int>(kind); };
  EXPECT_EQ(first(sent({.payload = "ok"})), -1);
  EXPECT_EQ(first(WebSocketFrame{.payload = "x"}.bytes()), is(Kind::mask));
  EXPECT_EQ(first(sent({.rsv = WebSocketFrame::rsv1})), is(Kind::reserved_bits));
  EXPECT_EQ(first(sent({.opcode = 3})), is(Kind::opcode));
  EXPECT_EQ(first(sent({.opcode = Opcode::ping, .fin = false})), is(Kind::control));
  EXPECT_EQ(first(sent({.opcode = Opcode::ping, .payload = std::string(126, 'x')})),
            is(Kind::control));
  EXPECT_EQ(first(sent({.opcode = Opcode::continuation})), is(Kind::fragments));
  EXPECT_EQ(first(sent({.fin = false}) + sent({})), is(Kind::fragments));
  EXPECT_EQ(first("\x81\x7E\x00\x01x"s), is(Kind::length));
  EXPECT_EQ(first(sent({.announced = 1ULL << 63})), is(Kind::length));
  EXPECT_EQ(first(sent({.opcode = Opcode::close, .payload = "x"})), is(Kind::close));
  EXPECT_EQ(first(sent({.opcode = Opcode::close, .payload = close_payload(1005)})),
            is(Kind::close));
  EXPECT_EQ(first(sent({.opcode = Opcode::close}) + sent({})), is(Kind::after_close));
  EXPECT_EQ(first(sent({.payload = "\xFF"})), is(Kind::utf8));
  EXPECT_EQ(first(sent({.payload = "\xE2\x82"})), is(Kind::utf8));
  EXPECT_EQ(first(sent({.payload = "\xE2", .fin = false}) +
                  sent({.opcode = Opcode::continuation, .payload = "\x82\xAC"})),
            -1);
}

TEST(WebSocketReader, shows_a_frame_that_has_not_ended) {
  WebSocketReader reader(WebSocketReader::From::client);
  auto const bytes = WebSocketFrame{.payload = "Hello"}.bytes();
  reader.feed(bytes.substr(0, 1), Instant());
  EXPECT_FALSE(reader.unfinished());
  reader.feed(bytes.substr(1, 8), Instant());
  ASSERT_TRUE(reader.unfinished());
  EXPECT_EQ(reader.unfinished()->payload, "Hel");
  EXPECT_EQ(reader.unfinished()->announced, 5U);
  EXPECT_TRUE(reader.log().in_frame);
  reader.feed(bytes.substr(9), Instant());
  EXPECT_EQ(reader.log().messages.at(0).payload, "Hello");
}

TEST(MessageInflater, reads_the_standards_examples) {
  MessageInflater inflater;
  EXPECT_EQ(inflater.inflate("\xf2\x48\xcd\xc9\xc9\x07\x00"s), "Hello");
  EXPECT_EQ(inflater.inflate("\xf2\x00\x11\x00\x00"s), "Hello");  // refers to the one before
  EXPECT_EQ(inflater.inflate("\x00\x05\x00\xfa\xffHello\x00"s), "Hello");
  EXPECT_EQ(inflater.inflate("\xf3\x48\xcd\xc9\xc9\x07\x00\x00"s), "Hello");  // a final block
  EXPECT_EQ(inflater.inflate("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"s), "Hello");
  EXPECT_EQ(inflater.inflate("\x00"s), "");
  EXPECT_FALSE(inflater.inflate("\xff\xff\xff"s));
  EXPECT_FALSE(inflater.error().empty());
}

TEST(MessageInflater, knows_no_more_than_was_agreed) {
  MessageDeflater deflater;
  auto const first = deflater.deflate("Hello, Hello, Hello");
  auto const second = deflater.deflate("Hello, Hello, Hello");
  MessageInflater forgetful(15, false);
  EXPECT_TRUE(forgetful.inflate(first));
  EXPECT_FALSE(forgetful.inflate(second));

  auto const text = noise(2000) + noise(2000);  // repeats what is 2000 bytes behind
  auto const payload = MessageDeflater().deflate(text);
  EXPECT_EQ(MessageInflater(15).inflate(payload), text);
  EXPECT_EQ(MessageInflater(11).inflate(payload), text);
  EXPECT_FALSE(MessageInflater(10).inflate(payload));
  EXPECT_EQ(MessageInflater(10).inflate(MessageDeflater(10).deflate(text)), text);
}

TEST(MessageDeflater, can_forget) {
  MessageDeflater deflater(15, false);
  MessageInflater inflater(15, false);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(inflater.inflate(deflater.deflate("Hello")), "Hello");
}

}  // namespace
}  // namespace pushlab::conformance

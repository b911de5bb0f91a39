#include <gtest/gtest.h>

#include <string>

#include "loadgen/client/websocket_handshake.hpp"
#include "loadgen/client/websocket_reader.hpp"

namespace pushlab::loadgen {
namespace {

using Kind = WebSocketMessage::Kind;

// A frame as a server sends it, with the length in its shortest form.
std::string frame(int first_byte, std::string_view payload) {
  std::string out(1, static_cast<char>(first_byte));
  if (payload.size() < 126) {
    out += static_cast<char>(payload.size());
  } else if (payload.size() < 65536) {
    out += '\x7e';
    for (int shift = 8; shift >= 0; shift -= 8) out += static_cast<char>(payload.size() >> shift);
  } else {
    out += '\x7f';
    for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(payload.size() >> shift);
  }
  return out.append(payload);
}

struct Reading {
  std::string text;  // "kind:payload;" for each message
  std::string error;
};

Reading read_by(std::string_view stream, std::size_t size, std::size_t limit = 1 << 20) {
  WebSocketReader reader(limit);
  Reading out;
  for (std::size_t at = 0; at < stream.size(); at += size) {
    std::string const own(stream.substr(at, size));
    std::string_view input = own;
    while (auto const message = reader.next(input)) {
      out.text += std::to_string(static_cast<int>(message->kind)) + ':';
      out.text.append(message->payload) += ';';
    }
  }
  out.error = reader.error();
  return out;
}

void expect_messages(std::string_view stream, std::string_view expected) {
  for (std::size_t size = 1; size <= stream.size(); ++size) {
    auto const out = read_by(stream, size);
    EXPECT_EQ(out.text, expected) << "in chunks of " << size;
    EXPECT_EQ(out.error, "") << "in chunks of " << size;
  }
}

void expect_error(std::string_view stream, std::string_view part, std::string_view before = "") {
  for (std::size_t size = 1; size <= stream.size(); ++size) {
    auto const out = read_by(stream, size);
    EXPECT_NE(out.error.find(part), std::string::npos) << out.error << " in chunks of " << size;
    EXPECT_EQ(out.text, before) << "in chunks of " << size;
  }
}

TEST(WebSocketReader, reads_messages_in_every_chunking) {
  expect_messages(frame(0x81, "hello") + frame(0x82, "bin") + frame(0x81, ""), "1:hello;2:bin;1:;");
}

TEST(WebSocketReader, reads_lengths_of_16_and_64_bits) {
  for (std::size_t const length : {125U, 126U, 127U, 65535U, 65536U, 70000U}) {
    std::string const payload(length, 'x');
    for (std::size_t const size : {std::size_t{1}, std::size_t{1000}, std::size_t{100'000}}) {
      EXPECT_EQ(read_by(frame(0x81, payload), size).text, "1:" + payload + ";") << length;
    }
  }
}

TEST(WebSocketReader, joins_fragments) {
  expect_messages(frame(0x01, "ab") + frame(0x00, "cd") + frame(0x80, "ef") + frame(0x81, "g"),
                  "1:abcdef;1:g;");
}

TEST(WebSocketReader, joins_empty_fragments) {
  expect_messages(frame(0x02, "") + frame(0x00, "") + frame(0x80, "x"), "2:x;");
  expect_messages(frame(0x01, "") + frame(0x80, "") + frame(0x81, "y"), "1:;1:y;");
}

TEST(WebSocketReader, gives_control_frames_between_fragments) {
  expect_messages(frame(0x01, "ab") + frame(0x89, "ping") + frame(0x80, "cd") + frame(0x8a, "") +
                      frame(0x88, "\x03\xe8"),
                  "9:ping;1:abcd;10:;8:\x03\xe8;");
}

TEST(WebSocketReader, refuses_what_the_protocol_forbids) {
  expect_error(frame(0xc1, "x"), "reserved bit");
  expect_error(std::string("\x81\x81\0\0\0\0x", 7), "masked");
  expect_error(frame(0x83, "x"), "unknown opcode");
  expect_error(frame(0x8b, "x"), "unknown opcode");
  expect_error(frame(0x09, "x"), "control frame");
  expect_error(frame(0x89, std::string(126, 'x')), "control frame");
  expect_error(frame(0x80, "x"), "continues nothing");
  expect_error(frame(0x01, "x") + frame(0x81, "y"), "begins inside");
  expect_error(std::string("\x81\x7e\0\x05", 4) + "hello", "shortest form");
  expect_error(std::string("\x81\x7f\0\0\0\0\0\0\0\x05", 10) + "hello", "shortest form");
}

TEST(WebSocketReader, gives_what_came_before_the_fault) {
  expect_error(frame(0x81, "a") + frame(0x83, "x"), "unknown opcode", "1:a;");
}

TEST(WebSocketReader, bounds_a_message_before_it_is_read) {
  EXPECT_NE(read_by(frame(0x81, std::string(101, 'x')), 1, 100).error, "");
  EXPECT_EQ(read_by(frame(0x81, std::string(100, 'x')), 1, 100).error, "");
  EXPECT_NE(
      read_by(frame(0x01, std::string(60, 'x')) + frame(0x80, std::string(60, 'x')), 1, 100).error,
      "");
  EXPECT_NE(read_by(std::string("\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff", 10), 1).error, "");
  EXPECT_NE(read_by(std::string("\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10), 1).error, "");
}

TEST(WebSocketHandshake, answers_the_example_of_the_standard) {
  EXPECT_EQ(websocket_accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(WebSocketHandshake, makes_a_key_of_sixteen_bytes) {
  EXPECT_EQ(websocket_key(0, 0), "AAAAAAAAAAAAAAAAAAAAAA==");
}

TEST(WebSocketHandshake, masks_client_frames) {
  // RFC 6455 5.7: a masked "Hello", its mask 37 fa 21 3d.
  EXPECT_EQ(client_frame(Kind::text, "Hello", 0x3d21fa37),
            "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
  auto const longer = client_frame(Kind::text, std::string(300, 'x'), 1);
  EXPECT_EQ(longer.size(), 8U + 300U);
  EXPECT_EQ(longer.substr(1, 3), "\xfe\x01\x2c");
}

}  // namespace
}  // namespace pushlab::loadgen

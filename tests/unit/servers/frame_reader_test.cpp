#include "servers/websocket/frame_reader.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace pushlab::server {
namespace {

using std::string_literals::operator""s;

constexpr bool last = true, to_be_continued = false;

// A client's frame: masked (RFC 6455 5.3).
std::string frame(Opcode opcode, std::string const& payload, bool is_final = last) {
  auto bytes = websocket_frame(opcode, payload);
  if (!is_final) bytes[0] = static_cast<char>(bytes[0] & 0x7F);
  bytes[1] = static_cast<char>(bytes[1] | 0x80);
  std::string const mask = "\x12\x34\x56\x78";
  auto const head = bytes.size() - payload.size();
  bytes.insert(head, mask);
  for (std::size_t i = 0; i < payload.size(); ++i)
    bytes[head + 4 + i] = static_cast<char>(payload[i] ^ mask[i % 4]);
  return bytes;
}

struct Read {
  std::vector<FrameReader::Control> controls;
  std::uint16_t failure = 0;
  bool at_rest = false;
};

Read read(FrameReader& reader, std::string_view bytes) {
  Read read;
  while (auto control = reader.next(bytes)) read.controls.push_back(*control);
  read.failure = reader.failure();
  read.at_rest = reader.at_rest();
  EXPECT_TRUE(bytes.empty() || read.failure != 0) << "bytes were left";
  return read;
}

Read read(std::string_view bytes) {
  FrameReader reader;
  return read(reader, bytes);
}

TEST(FrameReader, gives_control_frames_with_their_payload_unmasked) {
  auto const got = read(frame(Opcode::ping, "are you there") + frame(Opcode::pong, "") +
                        frame(Opcode::close, "\x03\xE8"s + "bye"));
  ASSERT_EQ(got.controls.size(), 3U);
  EXPECT_EQ(got.controls[0].opcode, Opcode::ping);
  EXPECT_EQ(got.controls[0].payload, "are you there");
  EXPECT_EQ(got.controls[1].opcode, Opcode::pong);
  EXPECT_EQ(got.controls[2].opcode, Opcode::close);
  EXPECT_EQ(got.controls[2].payload, "\x03\xE8"s + "bye");
  EXPECT_TRUE(got.at_rest);
}

TEST(FrameReader, swallows_messages_of_every_length_form) {
  for (std::size_t const size : std::initializer_list<std::size_t>{0, 1, 125, 126, 65535, 65536}) {
    auto const got = read(frame(Opcode::text, std::string(size, 't')) + frame(Opcode::ping, "x"));
    EXPECT_EQ(got.failure, 0) << size;
    EXPECT_EQ(got.controls.size(), 1U) << size;
    EXPECT_TRUE(got.at_rest) << size;
  }
}

TEST(FrameReader, reads_the_same_whatever_the_bytes_were_split_at) {
  auto const bytes = frame(Opcode::text, "Grü", to_be_continued) + frame(Opcode::ping, "12345") +
                     frame(Opcode::continuation, "ße 🚀") +
                     frame(Opcode::binary, std::string(200, '\xFF')) + frame(Opcode::pong, "");
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    FrameReader reader;
    auto first = read(reader, std::string_view{bytes}.substr(0, cut));
    auto const second = read(reader, std::string_view{bytes}.substr(cut));
    auto controls = first.controls;
    controls.insert(controls.end(), second.controls.begin(), second.controls.end());
    ASSERT_EQ(second.failure, 0) << "cut at " << cut;
    ASSERT_EQ(controls.size(), 2U) << "cut at " << cut;
    EXPECT_EQ(controls[0].payload, "12345");
    EXPECT_TRUE(second.at_rest) << "cut at " << cut;
  }
}

TEST(FrameReader, is_not_at_rest_within_a_frame_or_between_fragments) {
  EXPECT_FALSE(read(frame(Opcode::ping, "x").substr(0, 3)).at_rest);
  EXPECT_FALSE(read(frame(Opcode::text, "x", to_be_continued)).at_rest);
}

TEST(FrameReader, refuses_a_violation_with_1002) {
  auto reserved = frame(Opcode::ping, "");
  reserved[0] = static_cast<char>(reserved[0] | 0x40);
  auto unknown = frame(Opcode::ping, "");
  unknown[0] = static_cast<char>(0x8B);
  for (auto const& bytes : std::vector<std::string>{
           websocket_frame(Opcode::text, "unmasked"),
           websocket_frame(Opcode::ping, ""),
           reserved,
           unknown,
           frame(Opcode::ping, "", to_be_continued),
           frame(Opcode::ping, std::string(126, 'x')),
           frame(Opcode::continuation, "of nothing"),
           frame(Opcode::text, "a", to_be_continued) + frame(Opcode::text, "b"),
           "\x81\xFE\x00\x05"s + "mask" + "hello",  // 5 does not need the long form
           "\x81\xFF\x00\x00\x00\x00\x00\x00\xFF\xFF"s + "mask",
       })
    EXPECT_EQ(read(bytes).failure, 1002) << testing::PrintToString(bytes.substr(0, 16));
}

TEST(FrameReader, says_that_a_frame_is_not_masked_without_waiting_for_its_mask) {
  EXPECT_EQ(read("\x81\x01"s).failure, 1002);
}

TEST(FrameReader, refuses_text_that_is_no_utf_8_with_1007) {
  for (auto const& text : {"\xFF"s, "\xC0\x80"s, "\xED\xA0\x80"s, "\xF4\x90\x80\x80"s, "a\xE2\x82"s,
                           "\x80"s, "\xF0\x80\x80\x80"s})
    EXPECT_EQ(read(frame(Opcode::text, text)).failure, 1007) << testing::PrintToString(text);
  EXPECT_EQ(read(frame(Opcode::binary, "\xFF")).failure, 0) << "binary may hold anything";
}

TEST(FrameReader, takes_a_character_that_two_fragments_share) {
  EXPECT_EQ(
      read(frame(Opcode::text, "\xE2\x82", to_be_continued) + frame(Opcode::continuation, "\xAC"))
          .failure,
      0);
}

TEST(FrameReader, refuses_a_message_above_the_limit_with_1009_in_pieces_too) {
  auto const limit = FrameReader::max_message_bytes;
  EXPECT_EQ(read(frame(Opcode::binary, std::string(limit, 'x'))).failure, 0);
  EXPECT_EQ(read(frame(Opcode::binary, std::string(limit + 1, 'x'))).failure, 1009);
  EXPECT_EQ(read(frame(Opcode::binary, std::string(limit, 'x'), to_be_continued) +
                 frame(Opcode::continuation, "x"))
                .failure,
            1009);
  EXPECT_EQ(read("\x82\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s + "mask").failure, 1009);
}

TEST(FrameReader, gives_nothing_after_a_violation) {
  FrameReader reader;
  EXPECT_EQ(read(reader, websocket_frame(Opcode::ping, "")).failure, 1002);
  EXPECT_TRUE(read(reader, frame(Opcode::ping, "")).controls.empty());
}

TEST(CloseAnswer, repeats_a_code_that_is_allowed) {
  EXPECT_EQ(close_answer(""), 1000);
  EXPECT_EQ(close_answer("\x03\xE8"s), 1000);
  EXPECT_EQ(close_answer("\x03\xE9"s + "leaving"), 1001);
  EXPECT_EQ(close_answer("\x0F\xA0"s), 4000);
}

TEST(CloseAnswer, is_1002_or_1007_to_what_is_not_allowed) {
  EXPECT_EQ(close_answer("\x03"s), 1002);
  for (auto const code : {0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65535}) {
    std::string const payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
    EXPECT_EQ(close_answer(payload), 1002) << code;
  }
  EXPECT_EQ(close_answer("\x03\xE8\xFF"s), 1007);
}

}  // namespace
}  // namespace pushlab::server

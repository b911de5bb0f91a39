// Incremental reader of WebSocket frames from a server (RFC 6455 section 5). No I/O.
//
// A message that lies whole in one chunk is a view into it; only split or fragmented ones are
// copied, and the copy is given back with the next call. Text is not checked for UTF-8: the markers
// are found either way.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pushlab::loadgen {

struct WebSocketMessage {
  enum class Kind : std::uint8_t { text = 1, binary = 2, close = 8, ping = 9, pong = 10 };
  Kind kind;
  std::string_view payload;  // holds until the next call of next()
};

class WebSocketReader {
 public:
  static constexpr std::size_t default_limit = std::size_t{1} << 20;

  // `limit` bounds a message, all its fragments together, in bytes.
  explicit WebSocketReader(std::size_t limit = default_limit) : limit_(limit) {}

  // The next message, taken off the front of `input`; nothing when more input is needed or the
  // stream is broken.
  std::optional<WebSocketMessage> next(std::string_view& input);

  bool failed() const { return error_ != nullptr; }
  std::string error() const { return error_ == nullptr ? std::string() : std::string(error_); }

 private:
  bool read_header(std::string_view& input);
  bool check_header();
  std::optional<WebSocketMessage> take_payload(std::string_view& input);
  void fail(char const* error) { error_ = error; }

  bool is_control() const { return (header_[0] & 0x08) != 0; }
  bool is_final() const { return (header_[0] & 0x80) != 0; }
  std::uint8_t opcode() const { return header_[0] & 0x0f; }

  std::size_t limit_;
  char const* error_ = nullptr;
  std::array<std::uint8_t, 10> header_{};
  std::uint8_t header_size_ = 0;      // bytes of the header that have come
  std::uint8_t fragmented_kind_ = 0;  // of the message whose first fragments have come, 0 = none
  bool header_done_ = false;
  bool delivered_ = false;  // buffer_ or control_ went out with the last call
  std::uint64_t left_ = 0;  // payload bytes of this frame still to come
  std::string message_;     // fragments, and the split frame of a data message
  std::string control_;     // a split control frame; it may come between fragments
};

}  // namespace pushlab::loadgen

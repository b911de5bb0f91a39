#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "servers/event/utf8.hpp"
#include "servers/websocket/websocket_encoder.hpp"

namespace pushlab::server {

// What a client of a push server sends: control frames, and messages that nobody needs but that
// have to be well-formed all the same (RFC 6455 5). Messages are checked, not kept. No I/O.
class FrameReader {
 public:
  static constexpr std::uint64_t max_message_bytes = 64U << 10;

  struct Control {
    Opcode opcode;  // ping, pong or close
    std::string payload;
  };

  // Takes bytes up to and including the next control frame and removes them from `bytes`; nothing
  // when all were taken without one. After a violation: nothing, and failure() has the close code.
  std::optional<Control> next(std::string_view& bytes);

  // 1002, 1007 or 1009 after a violation of the protocol, else 0.
  std::uint16_t failure() const { return failure_; }

  // Between two messages, with nothing kept.
  bool at_rest() const { return head_.empty() && !in_payload_ && !in_message_; }

 private:
  bool read_head(std::string_view& bytes);
  std::optional<Control> read_payload(std::string_view& bytes);
  std::optional<Control> finish_frame();
  bool accept_head(std::uint64_t length, std::size_t length_bytes);
  void fail(std::uint16_t code) { failure_ = code; }

  std::string head_;     // of a frame whose head is not complete
  std::string control_;  // payload of a control frame so far
  std::uint64_t remaining_ = 0;
  std::uint64_t message_bytes_ = 0;
  std::uint8_t mask_[4] = {};
  std::uint8_t mask_at_ = 0;
  Opcode opcode_ = Opcode::text;
  bool final_ = true;
  bool in_payload_ = false;
  bool in_message_ = false;  // fragments to come
  bool is_text_ = false;
  Utf8Check utf8_;
  std::uint16_t failure_ = 0;
};

// The code to answer a close frame with; 1002 or 1007 when its payload is not allowed (RFC
// 6455 7.4).
std::uint16_t close_answer(std::string_view payload);

}  // namespace pushlab::server

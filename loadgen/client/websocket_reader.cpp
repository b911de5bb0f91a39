#include "loadgen/client/websocket_reader.hpp"

#include <algorithm>

namespace pushlab::loadgen {

namespace {

constexpr std::uint8_t continuation = 0;

}  // namespace

std::optional<WebSocketMessage> WebSocketReader::next(std::string_view& input) {
  if (delivered_) {
    (is_control() ? control_ : message_) = std::string();
    delivered_ = false;
  }
  while (!failed()) {
    if (!header_done_ && !read_header(input)) return std::nullopt;
    if (input.empty() && left_ > 0) return std::nullopt;
    if (auto message = take_payload(input)) return message;
    if (input.empty()) return std::nullopt;
  }
  return std::nullopt;
}

// True when the whole header is there and sound.
bool WebSocketReader::read_header(std::string_view& input) {
  while (!input.empty()) {
    header_[header_size_++] = static_cast<std::uint8_t>(input.front());
    input.remove_prefix(1);
    if (header_size_ < 2) continue;
    auto const length_code = header_[1] & 0x7f;
    auto const wanted = length_code == 127 ? 10 : length_code == 126 ? 4 : 2;
    if (header_size_ < wanted) continue;
    left_ = wanted == 2 ? static_cast<std::uint64_t>(length_code) : 0;
    for (int i = 2; i < wanted; ++i) left_ = left_ << 8 | header_[static_cast<std::size_t>(i)];
    header_size_ = 0;
    header_done_ = true;
    return check_header();
  }
  return false;
}

bool WebSocketReader::check_header() {
  auto const code = opcode();
  auto const kept = is_control() || code != continuation ? 0 : message_.size();
  auto const length_code = header_[1] & 0x7f;
  if ((header_[0] & 0x70) != 0) {
    fail("a reserved bit is set though no extension was agreed (RFC 6455 5.2)");
  } else if ((header_[1] & 0x80) != 0) {
    fail("the server masked a frame (RFC 6455 5.1)");
  } else if (code > 10 || (code > 2 && code < 8)) {
    fail("a frame has an unknown opcode (RFC 6455 5.2)");
  } else if (is_control() && (left_ > 125 || !is_final())) {
    fail("a control frame is fragmented or longer than 125 bytes (RFC 6455 5.5)");
  } else if (code == continuation && fragmented_kind_ == 0) {
    fail("a continuation frame continues nothing (RFC 6455 5.4)");
  } else if ((code == 1 || code == 2) && fragmented_kind_ != 0) {
    fail("a new message begins inside a fragmented one (RFC 6455 5.4)");
  } else if ((length_code == 126 && left_ < 126) || (length_code == 127 && left_ < 65536)) {
    fail("a frame's length is not in its shortest form (RFC 6455 5.2)");
  } else if (left_ > limit_ || kept + left_ > limit_) {
    fail("a message is longer than the limit of this client");
  }
  return !failed();
}

std::optional<WebSocketMessage> WebSocketReader::take_payload(std::string_view& input) {
  auto& kept = is_control() ? control_ : message_;
  auto const piece = input.substr(0, std::min<std::uint64_t>(left_, input.size()));
  input.remove_prefix(piece.size());
  left_ -= piece.size();
  auto const starts_fragments = !is_control() && !is_final() && opcode() != continuation;
  if (starts_fragments) fragmented_kind_ = opcode();
  auto const whole = left_ == 0 && kept.empty() && (is_control() || is_final());
  if (!whole) kept += piece;
  if (left_ > 0) return std::nullopt;
  header_done_ = false;
  if (!is_control() && !is_final()) return std::nullopt;
  auto kind = opcode();
  if (kind == continuation) {
    kind = fragmented_kind_;
    fragmented_kind_ = 0;
  }
  delivered_ = !whole;
  return WebSocketMessage{static_cast<WebSocketMessage::Kind>(kind), whole ? piece : kept};
}

}  // namespace pushlab::loadgen

#include "servers/websocket/frame_reader.hpp"

#include <algorithm>

namespace pushlab::server {
namespace {

std::uint8_t byte_at(std::string_view text, std::size_t i) {
  return static_cast<std::uint8_t>(text[i]);
}

bool is_control(Opcode opcode) {
  return static_cast<std::uint8_t>(opcode) >= 0x8;
}

bool is_known(std::uint8_t opcode) {
  return opcode <= 0x2 || (opcode >= 0x8 && opcode <= 0xA);
}

}  // namespace

std::optional<FrameReader::Control> FrameReader::next(std::string_view& bytes) {
  while (failure_ == 0) {
    if (!in_payload_ && !read_head(bytes)) return std::nullopt;
    if (failure_ != 0) break;
    if (remaining_ > 0 && bytes.empty()) return std::nullopt;
    if (auto control = read_payload(bytes)) return control;
  }
  return std::nullopt;
}

// True when the head is complete; a head cut by the end of the bytes is kept.
bool FrameReader::read_head(std::string_view& bytes) {
  while (!bytes.empty()) {
    head_ += bytes.front();
    bytes.remove_prefix(1);
    if (head_.size() < 2) continue;
    auto const short_length = byte_at(head_, 1) & 0x7F;
    std::size_t const length_bytes = short_length == 126 ? 2 : short_length == 127 ? 8 : 0;
    if (head_.size() < 2 + length_bytes + 4) continue;
    std::uint64_t length = length_bytes == 0 ? static_cast<std::uint64_t>(short_length) : 0;
    for (std::size_t i = 0; i < length_bytes; ++i) length = length << 8 | byte_at(head_, 2 + i);
    if (!accept_head(length, length_bytes)) return true;
    std::copy_n(head_.end() - 4, 4, reinterpret_cast<char*>(mask_));
    mask_at_ = 0;
    remaining_ = length;
    in_payload_ = true;
    head_.clear();
    return true;
  }
  // What is wrong in the first two bytes is said at once: an unmasked frame has no mask to wait
  // for.
  if (head_.size() >= 2) accept_head(0, 0);
  return failure_ != 0;
}

bool FrameReader::accept_head(std::uint64_t length, std::size_t length_bytes) {
  auto const first = byte_at(head_, 0), second = byte_at(head_, 1);
  auto const opcode = static_cast<std::uint8_t>(first & 0x0F);
  auto const is_final = (first & 0x80) != 0;
  if ((first & 0x70) != 0 || (second & 0x80) == 0 || !is_known(opcode)) {
    fail(1002);
    return false;
  }
  opcode_ = static_cast<Opcode>(opcode);
  final_ = is_final;
  if (is_control(opcode_)) {
    if (!is_final || (second & 0x7F) > 125) fail(1002);
  } else if ((opcode_ == Opcode::continuation) != in_message_) {
    fail(1002);
  } else if (length > max_message_bytes || message_bytes_ + length > max_message_bytes) {
    fail(1009);
  } else if ((length_bytes == 2 && length < 126) || (length_bytes == 8 && length <= 0xFFFF)) {
    fail(1002);  // not the shortest form
  }
  return failure_ == 0;
}

std::optional<FrameReader::Control> FrameReader::read_payload(std::string_view& bytes) {
  auto const taken = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, bytes.size()));
  std::string plain{bytes.substr(0, taken)};
  bytes.remove_prefix(taken);
  remaining_ -= taken;
  for (auto& c : plain) c = static_cast<char>(c ^ static_cast<char>(mask_[mask_at_++ & 3]));
  if (is_control(opcode_)) {
    control_ += plain;
  } else {
    if (opcode_ != Opcode::continuation && !in_message_) {
      is_text_ = opcode_ == Opcode::text;
      utf8_ = {};
      in_message_ = true;
    }
    message_bytes_ += taken;
    if (is_text_ && !utf8_.feed(plain)) fail(1007);
  }
  if (remaining_ > 0 || failure_ != 0) return std::nullopt;
  return finish_frame();
}

std::optional<FrameReader::Control> FrameReader::finish_frame() {
  in_payload_ = false;
  if (is_control(opcode_)) {
    Control control{opcode_, std::move(control_)};
    control_.clear();
    return control;
  }
  if (final_) {
    if (is_text_ && !utf8_.complete()) fail(1007);
    in_message_ = false;
    message_bytes_ = 0;
  }
  return std::nullopt;
}

std::uint16_t close_answer(std::string_view payload) {
  if (payload.empty()) return 1000;
  if (payload.size() == 1) return 1002;
  auto const code = static_cast<std::uint16_t>(byte_at(payload, 0) << 8 | byte_at(payload, 1));
  Utf8Check reason;
  if (!reason.feed(payload.substr(2)) || !reason.complete()) return 1007;
  auto const is_defined =
      code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
  auto const is_private = code >= 3000 && code <= 4999;
  return is_defined || is_private ? code : std::uint16_t{1002};
}

}  // namespace pushlab::server

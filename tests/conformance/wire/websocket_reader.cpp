#include "tests/conformance/wire/websocket_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/conformance/wire/http_message.hpp"
#include "tests/conformance/wire/sse_reader.hpp"

namespace pushlab::conformance {
namespace {

using Kind = WebSocketBreach::Kind;

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

std::size_t begin_of_last_character(std::string_view text) {
  auto at = text.size();
  while (at > 0 && text.size() - at < 4)
    if ((byte_at(text, --at) & 0xC0) != 0x80) break;
  return at;
}

struct Begun {
  WebSocketFrame frame;  // without its payload, whose length is in `announced`
  std::size_t head_size;
};

// The frame at the front of the bytes; empty while its head is not complete.
std::optional<Begun> begun_by(std::string_view bytes) {
  if (bytes.size() < 2) return {};
  auto const short_length = byte_at(bytes, 1) & 0x7F;
  std::size_t const length_size = short_length == 126 ? 2 : short_length == 127 ? 8 : 0;
  WebSocketFrame frame;
  frame.masked = (byte_at(bytes, 1) & 0x80) != 0;
  auto const head_size = 2 + length_size + (frame.masked ? 4U : 0U);
  if (bytes.size() < head_size) return {};
  std::uint64_t length = length_size == 0 ? short_length : 0;
  for (std::size_t i = 0; i < length_size; ++i) length = length << 8 | byte_at(bytes, 2 + i);
  frame.announced = length;
  frame.fin = (byte_at(bytes, 0) & 0x80) != 0;
  frame.rsv = byte_at(bytes, 0) >> 4 & 7;
  frame.opcode = byte_at(bytes, 0) & 0xF;
  frame.shortest = length_size == 0 || (length_size == 2 ? length >= 126 : length > 0xFFFF);
  return Begun{std::move(frame), head_size};
}

// As much of the payload as has come.
std::string unmasked(WebSocketFrame const& frame, std::string_view bytes, std::size_t head_size) {
  std::string payload(bytes.substr(head_size, *frame.announced));
  for (std::size_t i = 0; frame.masked && i < payload.size(); ++i)
    payload[i] = static_cast<char>(byte_at(payload, i) ^ byte_at(bytes, head_size - 4 + i % 4));
  return payload;
}

}  // namespace

WebSocketFrame const* WebSocketLog::close() const {
  auto const at = std::find_if(frames.begin(), frames.end(),
                               [](auto const& frame) { return frame.opcode == Opcode::close; });
  return at == frames.end() ? nullptr : &*at;
}

WebSocketFrame const* WebSocketLog::find_pong(std::string_view payload) const {
  auto const at = std::find_if(frames.begin(), frames.end(), [&](auto const& frame) {
    return frame.opcode == Opcode::pong && frame.payload == payload;
  });
  return at == frames.end() ? nullptr : &*at;
}

WebSocketMessage const* WebSocketLog::find(std::string_view text) const {
  auto const at = std::find_if(messages.begin(), messages.end(), [&](auto const& message) {
    return message.payload.find(text) != std::string::npos;
  });
  return at == messages.end() ? nullptr : &*at;
}

WebSocketBreach const* WebSocketLog::breach(WebSocketBreach::Kind kind) const {
  auto const at = std::find_if(breaches.begin(), breaches.end(),
                               [kind](auto const& one) { return one.kind == kind; });
  return at == breaches.end() ? nullptr : &*at;
}

bool may_close_with(unsigned code) {
  if (code >= 3000 && code <= 4999) return true;
  return code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
}

void WebSocketReader::feed(std::string_view bytes, Instant at) {
  if (lost_) return;
  if (buffer_.empty()) first_at_ = at;
  at_ = at;
  buffer_ += bytes;
  std::size_t taken = 0;
  while (auto const size = take_frame(std::string_view(buffer_).substr(taken))) {
    taken += size;
    first_at_ = at;
  }
  buffer_.erase(0, taken);
  log_.in_frame = !buffer_.empty();
}

// Returns how many bytes it was; 0 when the frame has not come to its end yet.
std::size_t WebSocketReader::take_frame(std::string_view bytes) {
  auto begun = begun_by(bytes);
  if (!begun || lost_) return 0;
  auto& [frame, head_size] = *begun;
  lost_ = *frame.announced >> 63 != 0;
  if (!lost_ && bytes.size() - head_size < *frame.announced) return 0;
  frame.first_at = first_at_;
  frame.at = at_;
  if (lost_) {
    log_.frames.push_back(std::move(frame));
    breach(Kind::length, "a length with the highest bit set");
    return 0;
  }
  frame.payload = unmasked(frame, bytes, head_size);
  log_.frames.push_back(std::move(frame));
  auto const& last = log_.frames.back();
  judge_head(last);
  if (!last.is_control()) take_data(last);
  return head_size + last.payload.size();
}

std::optional<WebSocketFrame> WebSocketReader::unfinished() const {
  auto begun = begun_by(buffer_);
  if (!begun) return {};
  begun->frame.payload = unmasked(begun->frame, buffer_, begun->head_size);
  return std::move(begun->frame);
}

void WebSocketReader::judge_head(WebSocketFrame const& frame) {
  if (closed_) breach(Kind::after_close, "behind the close frame");
  closed_ = closed_ || frame.opcode == Opcode::close;
  if (frame.masked != masked_) breach(Kind::mask, frame.masked ? "masked" : "not masked");
  bool const may_be_compressed =
      inflater_ && (frame.opcode == Opcode::text || frame.opcode == Opcode::binary);
  if ((frame.rsv & (may_be_compressed ? 3 : 7)) != 0)
    breach(Kind::reserved_bits, fmt::format("reserved bits {:03b}", frame.rsv));
  if ((frame.opcode > 2 && frame.opcode < 8) || frame.opcode > 10)
    breach(Kind::opcode, "an unknown opcode");
  if (!frame.shortest) breach(Kind::length, "a length in more bytes than it takes");
  if (frame.is_control()) {
    if (!frame.fin) breach(Kind::control, "a fragmented control frame");
    if (frame.payload.size() > 125)
      breach(Kind::control, fmt::format("a control frame of {} bytes", frame.payload.size()));
    if (frame.opcode == Opcode::close) judge_close(frame);
  } else if ((frame.opcode == Opcode::continuation) != log_.in_message) {
    breach(Kind::fragments, log_.in_message ? "a new message before the last one has ended"
                                            : "a continuation of nothing");
  }
}

void WebSocketReader::take_data(WebSocketFrame const& frame) {
  if (frame.opcode != Opcode::continuation || !log_.in_message) {
    message_ = {};
    message_.opcode = frame.opcode;
    message_.compressed = inflater_ && (frame.rsv & WebSocketFrame::rsv1) != 0;
    message_.first_at = frame.first_at;
    bad_utf8_ = false;
    whole_characters_ = 0;
  }
  log_.in_message = !frame.fin;
  message_.wire += frame.payload;
  ++message_.frames;
  message_.at = frame.at;
  if (message_.opcode == Opcode::text && !message_.compressed && !bad_utf8_) {
    auto const text = std::string_view(message_.wire).substr(whole_characters_);
    if (auto const bad = find_bad_utf8(text); bad != std::string::npos) {
      bad_utf8_ = true;
      breach(Kind::utf8, "no UTF-8: " + quoted(text.substr(bad), 8));
    }
    whole_characters_ += begin_of_last_character(text);
  }
  if (frame.fin) end_message();
}

void WebSocketReader::end_message() {
  message_.payload = message_.wire;
  if (message_.compressed) {
    auto text = inflater_->inflate(message_.wire);
    if (text)
      message_.payload.swap(*text);
    else
      breach(Kind::deflate, "cannot be inflated: " + inflater_->error());
    if (text && message_.opcode == Opcode::text &&
        find_bad_utf8(message_.payload) != std::string::npos)
      breach(Kind::utf8, "no UTF-8 behind its compression");
  }
  if (message_.opcode == Opcode::text && !bad_utf8_ && utf8_cut_off(message_.payload))
    breach(Kind::utf8, "ends within a character");
  log_.messages.push_back(std::move(message_));
}

void WebSocketReader::judge_close(WebSocketFrame const& frame) {
  auto const& payload = frame.payload;
  if (payload.size() == 1) breach(Kind::close, "a payload of one byte");
  if (payload.size() < 2) return;
  if (auto const code = close_code_in(payload); !may_close_with(code))
    breach(Kind::close, fmt::format("code {}", code));
  auto const reason = std::string_view(payload).substr(2);
  if (find_bad_utf8(reason) != std::string::npos || utf8_cut_off(reason))
    breach(Kind::utf8, "a reason that is no UTF-8");
}

// Of the last frame.
void WebSocketReader::breach(WebSocketBreach::Kind kind, std::string text) {
  log_.breaches.push_back({kind, log_.frames.size() - 1, std::move(text)});
}

}  // namespace pushlab::conformance

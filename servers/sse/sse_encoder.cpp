#include "servers/sse/sse_encoder.hpp"

#include <fmt/format.h>

#include <array>

#include "servers/http/content_coding.hpp"

namespace pushlab::server {

std::string chunk(std::string_view bytes) {
  return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
}

std::string SseEncoder::frame(EventId id, Notification const& notification) const {
  return chunk(
      fmt::format("id: {}\nevent: db\ndata: {}\n\n", to_string(id), notification.forwarded()));
}

std::string SseEncoder::conflated(EventId cursor, std::uint64_t dropped) const {
  return chunk(fmt::format("id: {}\nevent: conflated\ndata: {{\"dropped\":{}}}\n\n",
                           to_string(cursor), dropped));
}

std::string_view SseEncoder::unchunked(std::string_view frame) const {
  auto const head = frame.find("\r\n") + 2;
  return frame.substr(head, frame.size() - head - 2);
}

std::string SseEncoder::in_form(WireForm form, std::string frame) const {
  if (form == WireForm::plain) return frame;
  auto const text = unchunked(frame);
  return chunk(form == WireForm::gzip ? gzip_part(text) : zstd_part(text));
}

std::string_view content_coding(WireForm form) {
  constexpr std::array<std::string_view, wire_forms> names{"", "gzip", "zstd"};
  return names[static_cast<std::size_t>(form)];
}

std::string_view sse_heartbeat(WireForm form) {
  static auto const forms = [] {
    std::array<std::string, wire_forms> made;
    for (std::size_t i = 0; i < wire_forms; ++i)
      made[i] = SseEncoder{}.in_form(static_cast<WireForm>(i), chunk(":\n\n"));
    return made;
  }();
  return forms[static_cast<std::size_t>(form)];
}

std::string sse_hello(EventId cursor, std::string_view connection, std::string_view server,
                      std::uint32_t retry_ms) {
  return chunk(fmt::format(
      "retry: {}\nid: {}\nevent: hello\ndata: {{\"connection\":\"{}\",\"server\":\"{}\"}}\n\n",
      retry_ms, to_string(cursor), connection, server));
}

std::string sse_reset(EventId cursor) {
  auto const id = to_string(cursor);
  return chunk(fmt::format("id: {}\nevent: reset\ndata: {{\"cursor\":\"{}\"}}\n\n", id, id));
}

}  // namespace pushlab::server

#include "servers/sse/sse_encoder.hpp"

#include <fmt/format.h>

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

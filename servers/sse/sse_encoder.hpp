#pragma once
#include "servers/event/encoder.hpp"

namespace pushlab::server {

// Server-sent events, WHATWG HTML 9.2.5 and 9.2.6 (2026-11-21), each block in one HTTP/1.1 chunk
// (RFC 9112 7.1), so that a cut stream can be told from an ended one.
class SseEncoder : public Encoder {
 public:
  // id, `event: db`, data. The body is one line already.
  std::string frame(EventId id, Notification const& notification) const override;
  std::string conflated(EventId cursor, std::uint64_t dropped) const override;
  std::string_view unchunked(std::string_view frame) const override;
};

// The first block: names the connection and sets the cursor and the reconnection time.
std::string sse_hello(EventId cursor, std::string_view connection, std::string_view server,
                      std::uint32_t retry_ms);

// The cursor is lost: take a snapshot, and go on from here.
std::string sse_reset(EventId cursor);

std::string chunk(std::string_view bytes);

constexpr std::string_view sse_heartbeat = "3\r\n:\n\n\r\n";
constexpr std::string_view last_chunk = "0\r\n\r\n";

}  // namespace pushlab::server

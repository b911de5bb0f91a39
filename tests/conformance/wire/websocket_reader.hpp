#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/conformance/wire/message_deflate.hpp"
#include "tests/conformance/wire/websocket_frame.hpp"

namespace pushlab::conformance {

struct WebSocketMessage {
  unsigned opcode = Opcode::text;
  std::string payload;  // joined; inflated when it was compressed and could be
  std::string wire;     // as it came, without heads
  bool compressed = false;
  std::size_t frames = 0;
  Instant first_at, at;
};

// Something the sender must not do.
struct WebSocketBreach {
  enum class Kind {
    mask,           // a server's frame with one, a client's without
    reserved_bits,  // not agreed upon, or not on the first frame of a data message
    opcode,
    control,    // fragmented, or longer than 125 bytes
    fragments,  // a continuation of nothing, a message within a message
    length,     // more bytes than it takes, or the highest bit set
    close,      // a payload of one byte, an invalid code
    after_close,
    deflate,
    utf8
  };
  Kind kind;
  std::size_t frame;  // index
  std::string text;
};

struct WebSocketLog {
  std::vector<WebSocketFrame> frames;
  std::vector<WebSocketMessage> messages;  // data, finished
  std::vector<WebSocketBreach> breaches;
  bool in_message = false;  // one has begun and not ended
  bool in_frame = false;

  WebSocketFrame const* close() const;  // null when none came
  WebSocketFrame const* find_pong(std::string_view payload) const;
  WebSocketMessage const* find(std::string_view text) const;
  WebSocketBreach const* breach(WebSocketBreach::Kind kind) const;
};

// Whether an endpoint may send this code in a close frame: RFC 6455 7.4 and the IANA registry.
bool may_close_with(unsigned code);

// Reads one direction of a WebSocket connection strictly and goes on behind a breach where that has
// a meaning. It judges nothing: the cases do.
class WebSocketReader {
 public:
  enum class From { server, client };
  explicit WebSocketReader(From sender) : masked_(sender == From::client) {}

  void feed(std::string_view bytes, Instant at);
  WebSocketLog const& log() const { return log_; }
  // The frame that has begun, with the part of its payload that has come; empty while its head is
  // not complete.
  std::optional<WebSocketFrame> unfinished() const;
  // From now on RSV1 marks a compressed message.
  void inflate_by(std::unique_ptr<MessageInflater> inflater) { inflater_ = std::move(inflater); }

 private:
  std::size_t take_frame(std::string_view bytes);
  void judge_head(WebSocketFrame const& frame);
  void take_data(WebSocketFrame const& frame);
  void end_message();
  void judge_close(WebSocketFrame const& frame);
  void breach(WebSocketBreach::Kind kind, std::string text);

  bool masked_;
  bool closed_ = false;
  bool lost_ = false;  // where the next frame begins is not known any more
  std::string buffer_;
  Instant first_at_, at_;
  WebSocketMessage message_;
  bool bad_utf8_ = false;             // of this message, said already
  std::size_t whole_characters_ = 0;  // bytes of it that need not be looked at again
  std::unique_ptr<MessageInflater> inflater_;
  WebSocketLog log_;
};

}  // namespace pushlab::conformance

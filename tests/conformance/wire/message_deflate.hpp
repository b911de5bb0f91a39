#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct z_stream_s;  // zlib's

namespace pushlab::conformance {

// Undoes permessage-deflate (RFC 7692) message by message, by the letter of what was agreed: a
// reference behind the window, or behind the message when no context is kept, is an error.
class MessageInflater {
 public:
  explicit MessageInflater(int window_bits = 15, bool keeps_context = true);
  ~MessageInflater();
  MessageInflater(MessageInflater const&) = delete;
  MessageInflater& operator=(MessageInflater const&) = delete;

  // Empty when it is not valid: error() says why, and no later message can be read.
  std::optional<std::string> inflate(std::string_view payload);
  std::string const& error() const { return error_; }

 private:
  bool take(std::string_view bytes, std::string& text);
  void begin_anew();

  int window_bits_;
  bool keeps_context_;
  std::unique_ptr<z_stream_s> stream_;
  std::string error_;
};

// Makes payloads as an endpoint does; zlib cannot make the window of 8 bits.
class MessageDeflater {
 public:
  explicit MessageDeflater(int window_bits = 15, bool keeps_context = true);
  ~MessageDeflater();
  MessageDeflater(MessageDeflater const&) = delete;
  MessageDeflater& operator=(MessageDeflater const&) = delete;

  std::string deflate(std::string_view text);

 private:
  bool keeps_context_;
  std::unique_ptr<z_stream_s> stream_;
};

}  // namespace pushlab::conformance

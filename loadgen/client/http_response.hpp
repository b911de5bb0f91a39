// Incremental reader of HTTP/1.1 responses: head, then the body with its framing taken off. No I/O.
//
// The body's pieces are views into the input. The head is kept until forget_head(), so that a
// stream client holds nothing while it waits. RFC 9112 section 6.3 decides where a body ends.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "loadgen/client/chunked_decoder.hpp"

namespace pushlab::loadgen {

class HttpResponse {
 public:
  static constexpr std::size_t head_limit = 64 * 1024;

  // The next piece of the body, taken off the front of `input`; empty when more input is needed, or
  // when the response is done or failed. What follows a finished response, or a 101, stays in
  // `input`.
  std::string_view next(std::string_view& input);

  bool has_head() const { return state_ > State::head && state_ != State::failed; }
  bool done() const { return state_ == State::done; }
  bool failed() const { return state_ == State::failed; }
  // The connection ended: a body without a length is complete then, anything else was cut.
  bool complete_at_end() const { return state_ == State::done || state_ == State::until_end; }

  unsigned status() const { return status_; }
  bool keeps_alive() const { return keeps_alive_; }
  std::optional<std::string_view> header(
      std::string_view name) const;  // any case; first of its name

  void forget_head() { std::string().swap(head_); }

 private:
  enum class State : std::uint8_t { head, chunked, length, until_end, done, failed };

  void take_head(std::string_view& input);
  bool read_status_line();
  void choose_framing();

  State state_ = State::head;
  bool keeps_alive_ = true;
  std::uint16_t status_ = 0;
  std::uint64_t left_ = 0;
  ChunkedDecoder chunks_;
  std::string head_;  // status line and header lines, each with its CRLF
};

// Whether a comma-separated header value names the token, any case.
bool has_token(std::string_view value, std::string_view token);

}  // namespace pushlab::loadgen

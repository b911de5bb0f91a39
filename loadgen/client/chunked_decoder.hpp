// Takes the chunked transfer coding (RFC 9112 7.1) off a body, in place. No I/O.
#pragma once

#include <cstdint>
#include <string_view>

namespace pushlab::loadgen {

class ChunkedDecoder {
 public:
  // The next piece of the body, taken off the front of `input`; empty when more input is needed or
  // the body is over.
  std::string_view next(std::string_view& input);

  bool done() const { return state_ == State::done; }
  bool failed() const { return state_ == State::failed; }

 private:
  enum class State : std::uint8_t {
    size,
    extension,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer,
    trailer_lf,
    done,
    failed
  };

  void step(char c);
  void take_size_digit(char c);

  State state_ = State::size;
  std::uint8_t digits_ = 0;
  bool trailer_line_empty_ = true;
  std::uint32_t skipped_ = 0;  // bytes of extensions and trailers, bounded
  std::uint64_t left_ = 0;     // of the chunk
};

}  // namespace pushlab::loadgen

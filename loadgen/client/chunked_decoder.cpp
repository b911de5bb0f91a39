#include "loadgen/client/chunked_decoder.hpp"

#include <algorithm>

namespace pushlab::loadgen {

namespace {

constexpr std::uint32_t skip_limit = 64 * 1024;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string_view ChunkedDecoder::next(std::string_view& input) {
  while (!input.empty() && state_ != State::done && state_ != State::failed) {
    if (state_ == State::data) {
      auto const piece = input.substr(0, std::min<std::uint64_t>(left_, input.size()));
      input.remove_prefix(piece.size());
      left_ -= piece.size();
      if (left_ == 0) state_ = State::data_cr;
      return piece;
    }
    auto const c = input.front();
    input.remove_prefix(1);
    step(c);
  }
  return {};
}

void ChunkedDecoder::take_size_digit(char c) {
  auto const value = hex_value(c);
  if (value >= 0 && digits_ < 15) {
    left_ = left_ << 4 | static_cast<std::uint64_t>(value);
    ++digits_;
  } else if (digits_ > 0 && c == '\r') {
    state_ = State::size_lf;
  } else if (digits_ > 0 && (c == ';' || c == ' ' || c == '\t')) {
    state_ = State::extension;
  } else {
    state_ = State::failed;
  }
}

void ChunkedDecoder::step(char c) {
  auto const expect = [&](char wanted, State then) { state_ = c == wanted ? then : State::failed; };
  switch (state_) {
    case State::size:
      take_size_digit(c);
      break;
    case State::extension:
      if (c == '\r') state_ = State::size_lf;
      if (++skipped_ > skip_limit) state_ = State::failed;
      break;
    case State::size_lf:
      expect('\n', left_ > 0 ? State::data : State::trailer);
      digits_ = 0;
      trailer_line_empty_ = true;
      break;
    case State::data_cr:
      expect('\r', State::data_lf);
      break;
    case State::data_lf:
      expect('\n', State::size);
      break;
    case State::trailer:
      if (c == '\r') {
        state_ = State::trailer_lf;
      } else {
        trailer_line_empty_ = false;
        if (++skipped_ > skip_limit) state_ = State::failed;
      }
      break;
    case State::trailer_lf:
      expect('\n', trailer_line_empty_ ? State::done : State::trailer);
      trailer_line_empty_ = true;
      break;
    case State::data:
    case State::done:
    case State::failed:
      break;
  }
}

}  // namespace pushlab::loadgen

#include "tests/conformance/wire/sse_reader.hpp"

namespace pushlab::conformance {
namespace {

struct Sequence {
  std::size_t size;         // 0: no character begins so
  unsigned char low, high;  // of the second byte
};

// Table 3-7 of the Unicode standard.
Sequence begun_by(unsigned char byte) {
  if (byte < 0x80) return {1, 0, 0};
  if (byte >= 0xC2 && byte <= 0xDF) return {2, 0x80, 0xBF};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte >= 0xE1 && byte <= 0xEF) return {3, 0x80, 0xBF};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte >= 0xF1 && byte <= 0xF3) return {4, 0x80, 0xBF};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

struct Scan {
  std::size_t bad = std::string_view::npos;
  bool cut_off = false;
};

Scan scan(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    auto const sequence = begun_by(static_cast<unsigned char>(bytes[at]));
    if (sequence.size == 0) return {at, false};
    for (std::size_t i = 1; i < sequence.size; ++i) {
      if (at + i == bytes.size()) return {std::string_view::npos, true};
      auto const byte = static_cast<unsigned char>(bytes[at + i]);
      auto const low = i == 1 ? sequence.low : 0x80;
      auto const high = i == 1 ? sequence.high : 0xBF;
      if (byte < low || byte > high) return {at, false};
    }
    at += sequence.size;
  }
  return {};
}

}  // namespace

std::size_t find_bad_utf8(std::string_view bytes) {
  return scan(bytes).bad;
}

bool utf8_cut_off(std::string_view bytes) {
  return scan(bytes).cut_off;
}

}  // namespace pushlab::conformance

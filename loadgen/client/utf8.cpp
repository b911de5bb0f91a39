#include "loadgen/client/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace pushlab::loadgen {

namespace {

struct Sequence {
  std::size_t length;  // bytes used up
  bool well_formed;
};

// The lead byte narrows the range of the second byte: no overlong forms, no surrogates, nothing
// above U+10FFFF.
Sequence sequence_at(std::string_view bytes) {
  auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  auto const lead = byte(0);
  if (lead < 0x80) return {1, true};
  if (lead < 0xc2 || lead > 0xf4) return {1, false};
  std::size_t const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  unsigned low = 0x80;
  unsigned high = 0xbf;
  if (lead == 0xe0) low = 0xa0;
  if (lead == 0xed) high = 0x9f;
  if (lead == 0xf0) low = 0x90;
  if (lead == 0xf4) high = 0x8f;
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= bytes.size() || byte(i) < low || byte(i) > high) return {i, false};
    low = 0x80;
    high = 0xbf;
  }
  return {length, true};
}

}  // namespace

bool is_ascii(std::string_view bytes) {
  std::uint64_t word = 0;
  std::uint64_t all = 0;
  while (bytes.size() >= sizeof word) {
    std::memcpy(&word, bytes.data(), sizeof word);
    all |= word;
    bytes.remove_prefix(sizeof word);
  }
  for (auto const c : bytes) all |= static_cast<unsigned char>(c);
  return (all & 0x8080808080808080ULL) == 0;
}

std::string well_formed_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    auto const [length, well_formed] = sequence_at(bytes);
    out += well_formed ? bytes.substr(0, length) : std::string_view("\xef\xbf\xbd");
    bytes.remove_prefix(length);
  }
  return out;
}

}  // namespace pushlab::loadgen

#include "report/xml_text.hpp"

#include <bit>
#include <cstdint>

namespace pushlab::report {
namespace {

struct Character {
  std::size_t bytes;  // that it takes
  bool allowed;
};

bool is_character(std::uint32_t code) {
  if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
  return code < 0xd800 || (code >= 0xe000 && code < 0xfffe) || (code >= 0x10000 && code < 0x110000);
}

// The first character. Broken UTF-8 takes one byte.
Character first(std::string_view text) {
  constexpr std::uint32_t least[]{0, 0, 0x80, 0x800, 0x10000};  // shorter forms would do below it
  auto const lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {1, is_character(lead)};
  auto const length = static_cast<std::size_t>(std::countl_one(lead));
  if (length < 2 || length > 4 || text.size() < length) return {1, false};
  std::uint32_t code = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    auto const next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0U) != 0x80U) return {1, false};
    code = code << 6U | (next & 0x3fU);
  }
  if (code < least[length]) return {1, false};
  return {length, is_character(code)};
}

std::string_view escaped(std::string_view one) {
  switch (one.front()) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\t':
      return "&#9;";
    case '\n':
      return "&#10;";
    case '\r':
      return "&#13;";
    default:
      return one;
  }
}

}  // namespace

std::string xml_text(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    auto const [length, allowed] = first(bytes);
    text += allowed ? escaped(bytes.substr(0, length)) : "\xef\xbf\xbd";
    bytes.remove_prefix(length);
  }
  return text;
}

}  // namespace pushlab::report

#include "servers/event/utf8.hpp"

namespace pushlab::server {

bool Utf8Check::feed(std::string_view bytes) {
  for (std::size_t i = 0; valid_ && i < bytes.size(); ++i) {
    auto const b = static_cast<std::uint8_t>(bytes[i]);
    if (missing_ > 0) {
      valid_ = b >= low_ && b <= high_;
      low_ = 0x80;
      high_ = 0xBF;
      --missing_;
      continue;
    }
    if (b < 0x80) continue;
    valid_ = b >= 0xC2 && b <= 0xF4;
    missing_ = b >= 0xF0 ? 3 : b >= 0xE0 ? 2 : 1;
    if (b == 0xE0) low_ = 0xA0;   // no overlong form
    if (b == 0xED) high_ = 0x9F;  // no surrogate
    if (b == 0xF0) low_ = 0x90;
    if (b == 0xF4) high_ = 0x8F;  // not above U+10FFFF
  }
  return valid_;
}

}  // namespace pushlab::server

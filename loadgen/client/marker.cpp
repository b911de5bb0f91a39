#include "loadgen/client/marker.hpp"

#include <fmt/core.h>

namespace pushlab::loadgen {

Marker::Marker(std::uint16_t run) : prefix_(fmt::format("plab:{:04x}:", run)) {}

std::string Marker::of(std::uint32_t event) const {
  return fmt::format("{}{:08x}", prefix_, event);
}

bool Marker::read(char const* digits, std::uint32_t& event) {
  event = 0;
  for (int i = 0; i < 8; ++i) {
    auto const c = digits[i];
    std::uint32_t value = 0;
    if (c >= '0' && c <= '9') {
      value = static_cast<std::uint32_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      value = static_cast<std::uint32_t>(c - 'a' + 10);
    } else {
      return false;
    }
    event = event << 4 | value;
  }
  return true;
}

}  // namespace pushlab::loadgen

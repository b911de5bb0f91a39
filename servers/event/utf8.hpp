#pragma once
#include <cstdint>
#include <string_view>

namespace pushlab::server {

// Checks UTF-8 (RFC 3629) piece by piece.
class Utf8Check {
 public:
  bool feed(std::string_view bytes);  // false from the first wrong byte on
  bool complete() const { return missing_ == 0 && valid_; }

 private:
  std::uint8_t missing_ = 0;
  std::uint8_t low_ = 0x80, high_ = 0xBF;  // what the next byte may be
  bool valid_ = true;
};

inline bool is_utf8(std::string_view text) {
  Utf8Check check;
  return check.feed(text) && check.complete();
}

}  // namespace pushlab::server

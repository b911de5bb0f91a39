#include "servers/http/query.hpp"

#include <algorithm>

namespace pushlab::server {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      auto const high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
      if (high >= 0 && low >= 0) {
        decoded += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    decoded += text[i] == '+' ? ' ' : text[i];
  }
  return decoded;
}

Target Target::parse(std::string_view target) {
  Target parsed;
  auto const mark = std::min(target.find('?'), target.size());
  parsed.path = percent_decoded(target.substr(0, mark));
  target.remove_prefix(std::min(mark + 1, target.size()));
  while (!target.empty()) {
    auto const end = std::min(target.find('&'), target.size());
    auto const pair = target.substr(0, end);
    target.remove_prefix(std::min(end + 1, target.size()));
    auto const equals = std::min(pair.find('='), pair.size());
    parsed.query.emplace_back(percent_decoded(pair.substr(0, equals)),
                              pair.substr(std::min(equals + 1, pair.size())));
  }
  return parsed;
}

std::optional<std::string> Target::value(std::string_view name) const {
  for (auto const& [key, encoded] : query)
    if (key == name) return percent_decoded(encoded);
  return std::nullopt;
}

}  // namespace pushlab::server

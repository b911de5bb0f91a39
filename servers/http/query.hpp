#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pushlab::server {

// `%41` → `A`, `+` → space; a broken escape stays as it is.
std::string percent_decoded(std::string_view text);

// A request target, cut at the first `?`. Values stay encoded, so that a name may hold an encoded
// comma.
struct Target {
  std::string path;  // decoded
  std::vector<std::pair<std::string, std::string>> query;

  static Target parse(std::string_view target);

  // The first value of that name, decoded.
  std::optional<std::string> value(std::string_view name) const;
};

}  // namespace pushlab::server

#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace pushlab::driver {

// Pieces of a JSON text as they stand in it, not re-serialised. The text must be valid JSON (RFC
// 8259); a text that is not an object, or not an array, has no pieces.
std::optional<std::string_view> raw_member(std::string_view object, std::string_view name);
std::vector<std::string_view> raw_elements(std::string_view array);

}  // namespace pushlab::driver

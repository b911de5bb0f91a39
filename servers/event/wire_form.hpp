#pragma once
#include <cstddef>
#include <cstdint>

namespace pushlab::server {

// In which content coding a stream's frames go out. Each form of an event is made once, when the
// first one needs it, and is the same for all, wherever in their streams they are.
enum class WireForm : std::uint8_t { plain, gzip, zstd };
constexpr std::size_t wire_forms = 3;

}  // namespace pushlab::server

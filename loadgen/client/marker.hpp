// Finds the markers `plab:RRRR:SSSSSSSS` (run id and event index, lower-case hex) in what a client
// received.
//
// The search needs no knowledge of how a server wraps the notification, as long as the text stays
// readable.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace pushlab::loadgen {

class Marker {
 public:
  static constexpr std::size_t size = 18;

  explicit Marker(std::uint16_t run);

  std::string of(std::uint32_t event) const;

  // Calls found(event), or found(event, offset), for each marker of this run, in order.
  template <class Found>
  void find_all(std::string_view bytes, Found&& found) const {
    auto const* const begin = bytes.data();
    while (auto const* at = find(bytes)) {
      std::uint32_t event = 0;
      if (read(at + prefix_.size(), event)) {
        if constexpr (std::invocable<Found&, std::uint32_t>)
          found(event);
        else
          found(event, static_cast<std::size_t>(at - begin));
      }
      bytes.remove_prefix(static_cast<std::size_t>(at - bytes.data()) + prefix_.size());
    }
  }

 private:
  // By memchr on the first letter: for short texts it beats memmem, which first builds a table.
  char const* find(std::string_view bytes) const {
    if (bytes.size() < size) return nullptr;
    auto const at = bytes.substr(0, bytes.size() - 8).find(prefix_);
    return at == std::string_view::npos ? nullptr : bytes.data() + at;
  }
  static bool read(char const* digits, std::uint32_t& event);

  std::string prefix_;  // "plab:RRRR:"
};

}  // namespace pushlab::loadgen

// Whether a delivery is whole: from its marker to the end of its padding byte by byte, and to its
// last byte where the target delivers the notification as it was published. How a target wraps it
// is its own affair.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace pushlab::loadgen {

class BodyCheck {
 public:
  // `published` gives the notification of an event.
  explicit BodyCheck(std::function<std::string(std::uint32_t event)> published)
      : published_(std::move(published)) {}

  // REQUIRES: the marker of this event, which was published, stands at `at` in `text`.
  bool is_whole(std::string_view text, std::size_t at, std::uint32_t event) {
    auto const& known = known_[event % known_.size()];
    if (known.event != event) learn(event, text.substr(at));
    if (at >= known.head && text.substr(at - known.head).starts_with(known.text)) return true;
    return is_whole_in_other_words(text, at, known);
  }

 private:
  struct Known {
    std::int64_t event = -1;
    std::size_t head = 0;  // bytes before the marker
    std::string text;
  };

  void learn(std::uint32_t event, std::string_view from_marker);
  static bool is_whole_in_other_words(std::string_view text, std::size_t at, Known const& known);

  std::function<std::string(std::uint32_t)> published_;
  std::array<Known, 16> known_;  // few events are under way at a time
};

}  // namespace pushlab::loadgen

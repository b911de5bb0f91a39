#include "loadgen/client/body_check.hpp"

#include "loadgen/client/marker.hpp"

namespace pushlab::loadgen {

namespace {

constexpr std::string_view tail = "\"}";

}  // namespace

void BodyCheck::learn(std::uint32_t event, std::string_view from_marker) {
  auto text = published_(event);
  auto const head = text.find(from_marker.substr(0, Marker::size));
  known_[event % known_.size()] = {event, head, std::move(text)};
}

// A target may send the head in other words, or nothing but the data; the data has no letter that
// any format escapes. Where the head is there, the tail has to be, too.
bool BodyCheck::is_whole_in_other_words(std::string_view text, std::size_t at, Known const& known) {
  auto const whole = std::string_view(known.text);
  auto const data = whole.substr(known.head, whole.size() - known.head - tail.size());
  if (!text.substr(at).starts_with(data)) return false;
  auto const rest = text.substr(at + data.size());
  if (!rest.empty() && rest.front() == 'x') return false;
  return !text.substr(0, at).ends_with(whole.substr(0, known.head)) || rest.starts_with(tail);
}

}  // namespace pushlab::loadgen

#include "servers/event/event_id.hpp"

#include <charconv>
#include <random>

namespace pushlab::server {

std::string to_string(EventId id) {
  char text[32];
  auto at = std::to_chars(text, text + sizeof text, id.epoch, 16).ptr;
  *at++ = '-';
  at = std::to_chars(at, text + sizeof text, id.seq).ptr;
  return {text, at};
}

std::optional<EventId> parse_event_id(std::string_view text) {
  EventId id;
  auto const end = text.data() + text.size();
  auto const epoch = std::from_chars(text.data(), end, id.epoch, 16);
  if (epoch.ec != std::errc{} || epoch.ptr == end || *epoch.ptr != '-') return std::nullopt;
  auto const seq = std::from_chars(epoch.ptr + 1, end, id.seq);
  if (seq.ec != std::errc{} || seq.ptr != end) return std::nullopt;
  if (to_string(id) != text) return std::nullopt;  // no leading zeros, no upper case: one spelling
  return id;
}

std::uint32_t new_epoch() {
  std::random_device entropy;
  std::uint32_t epoch = 0;
  while (epoch < 0x1000'0000) epoch = entropy();  // eight digits: no start's ids are shorter
  return epoch;
}

}  // namespace pushlab::server

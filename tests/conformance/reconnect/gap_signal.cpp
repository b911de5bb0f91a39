#include "tests/conformance/reconnect/gap_signal.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "tests/conformance/engine/capture.hpp"

namespace pushlab::conformance {
namespace {

namespace json = boost::json;

// What endpoints call it.
constexpr std::array<std::string_view, 16> words{
    "reset",    "gap",     "lost",     "resync", "stale",   "expired", "missed",  "truncat",
    "overflow", "conflat", "snapshot", "reload", "evicted", "refetch", "too_old", "history"};

bool tells(std::string_view name) {
  auto const text = lower(name);
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != text.npos; });
}

// {"reset":true}, {"type":"reset",..}.
std::string signal_in(std::string const& data) {
  json::error_code wrong;
  auto const value = json::parse(data, wrong);
  if (wrong || !value.is_object()) return {};
  for (auto const& member : value.as_object()) {
    std::string_view const key(member.key().data(), member.key().size());
    if (tells(key) && member.value() == json::value(true)) return quoted(data);
    auto const* text = member.value().if_string();
    bool const kind = key == "type" || key == "event" || key == "kind" || key == "error";
    if (kind && text && tells({text->data(), text->size()})) return quoted(data);
  }
  return {};
}

}  // namespace

std::string gap_signal(Head const& head, SseStream const& sse, std::string const& asked) {
  for (auto const& field : head.fields) {
    if (lower(field.name).ends_with("last-event-id") && field.value != asked)
      return field.name + ": " + field.value;
  }
  for (auto const* event : sse.events()) {
    if (event->has_type && tells(event->type)) return "event: " + event->type;
    if (auto signal = signal_in(event->data); !signal.empty()) return signal;
  }
  return {};
}

Request resuming(Endpoint& endpoint, std::string const& cursor) {
  return endpoint.request().with("Last-Event-ID", cursor);
}

EventStream resume(Endpoint& endpoint, Url const& url, std::string const& cursor) {
  return open_stream(endpoint, url, resuming(endpoint, cursor));
}

}  // namespace pushlab::conformance

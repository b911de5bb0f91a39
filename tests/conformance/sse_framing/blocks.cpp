#include <fmt/format.h>

#include <algorithm>

#include "tests/conformance/engine/capture.hpp"
#include "tests/conformance/reconnect/drain.hpp"
#include "tests/conformance/sse_framing/sections.hpp"

namespace pushlab::conformance {
namespace {

// An event that is not ended in the capture counts with the time it has been waiting.
Finding ends_events_at_once(Endpoint& endpoint) {
  auto const capture = busy_capture(endpoint);
  auto const& sse = capture->sse;
  double worst_s = 0;
  for (auto const& block : sse.blocks)
    worst_s = std::max(worst_s, seconds_between(block.text_at, block.at));
  if (sse.partial())
    worst_s = std::max(worst_s, seconds_between(capture->body.pieces.back().at, capture->until));
  if (sse.blocks.empty() && !sse.partial()) return skip("no event came");
  auto const& settings = endpoint.settings().framing;
  auto const seen = fmt::format("up to {:.0f} ms{}", worst_s * 1000,
                                sse.partial() ? ", and the last event has none at all" : "");
  auto const expected = fmt::format("the blank line within {:.0f} ms of the event's last line",
                                    settings.blank_line_pass_s * 1000);
  if (worst_s <= settings.blank_line_pass_s) return pass(seen);
  return worst_s <= settings.blank_line_warn_s ? warn(expected, seen) : fail(expected, seen);
}

Finding sends_nothing_that_is_dropped(Endpoint& endpoint) {
  auto const capture = busy_capture(endpoint);
  std::size_t ids_alone = 0;
  for (auto const& block : capture->sse.blocks) {
    if (block.has_data) continue;
    if (block.has_type)
      return warn("a data field in every named event: browsers drop it without one",
                  "event: " + quoted(block.type) + " without data");
    ids_alone += block.has_id ? 1 : 0;
  }
  if (ids_alone > 0)
    return info(fmt::format("{} blocks with an id alone: they move the cursor", ids_alone));
  if (capture->sse.blocks.empty()) return skip("no event came");
  return pass();
}

Finding avoids_reserved_names(Endpoint& endpoint) {
  auto const capture = busy_capture(endpoint);
  for (auto const* event : capture->sse.events()) {
    if (event->type == "open" || event->type == "error")
      return warn("a name that EventSource does not use itself: onopen and onerror get this one",
                  "event: " + event->type);
  }
  if (capture->sse.events().empty()) return skip("no event came");
  return pass();
}

Finding ends_at_a_boundary(Endpoint& endpoint) {
  auto const drained = drained_under_load(endpoint);
  for (auto const& end : drained->streams) {
    if (end.sse.partial())
      return fail(
          "a blank line behind the last event",
          "the end behind " + quoted(end.text.substr(end.text.size() -
                                                     std::min<std::size_t>(end.text.size(), 60))));
  }
  return pass(fmt::format("{} streams", drained->streams.size()));
}

// Chunks, or arrivals of a body without, that hold a part of the event.
std::size_t parts_of(SseCapture const& capture, std::size_t begin, std::size_t end) {
  std::size_t parts = 0;
  auto const count = [&](auto const& all) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      auto const next = i + 1 < all.size() ? all[i + 1].offset : capture.body.content.size();
      if (all[i].offset < end && next > begin) ++parts;
    }
  };
  if (capture.body.framing == Body::Framing::chunked)
    count(capture.body.chunks);
  else
    count(capture.body.pieces);
  return parts;
}

Finding writes_events_in_one_go(Endpoint& endpoint) {
  auto const capture = busy_capture(endpoint);
  if (!capture->head.value("Content-Encoding").empty()) return skip("the body is coded");
  std::size_t events = 0, parts = 0;
  for (auto const& block : capture->sse.blocks) {
    auto const& lines = capture->sse.lines;
    auto const& last = lines[block.last_line];
    parts += parts_of(*capture, lines[block.first_line].offset, last.offset + 1);
    ++events;
  }
  if (events == 0) return skip("no event came");
  auto const framing = capture->body.wire_size - capture->body.content.size();
  auto const seen =
      fmt::format("{:.1f} {} an event, {:.0f} bytes of framing",
                  static_cast<double>(parts) / static_cast<double>(events),
                  capture->body.framing == Body::Framing::chunked ? "chunks" : "writes",
                  static_cast<double>(framing) / static_cast<double>(events));
  return parts > events ? info(seen) : pass(seen);
}

}  // namespace

std::vector<Case> block_cases() {
  return {
      {{"SSE-FRAME-04", "the blank line that ends an event leaves with it", "HTML 9.2.5, 9.2.6",
        Level::url, Severity::critical},
       ends_events_at_once},
      {{"SSE-FRAME-23", "no block is one that browsers drop", "HTML 9.2.6", Level::url,
        Severity::major},
       sends_nothing_that_is_dropped},
      {{"SSE-FRAME-24", "no event is named open or error", "HTML 9.2.2", Level::url,
        Severity::major},
       avoids_reserved_names},
      {{"SSE-FRAME-26", "the server ends streams at event boundaries only", "HTML 9.2.6",
        Level::process, Severity::major},
       ends_at_a_boundary,
       {.limit_s = 60, .alone = true}},
      {{"SSE-FRAME-28", "one event is one write", "performance", Level::url, Severity::minor},
       writes_events_in_one_go},
  };
}

}  // namespace pushlab::conformance

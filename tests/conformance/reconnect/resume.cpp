#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "tests/conformance/engine/live_channel.hpp"
#include "tests/conformance/reconnect/gap_signal.hpp"
#include "tests/conformance/reconnect/sections.hpp"
#include "tests/conformance/reconnect/torn_stream.hpp"

namespace pushlab::conformance {
namespace {

Finding judged(Torn const& torn, int cuts) {
  auto const seen =
      fmt::format("{} events over {} cuts: {} missing, {} twice{}", torn.events, cuts,
                  torn.missing.size(), torn.twice.size(), torn.in_order ? "" : ", not in order");
  auto const expected = "every event behind the cursor once, in order";
  if (!torn.twice.empty() || !torn.in_order)
    return fail(expected, torn.twice.empty() ? seen : seen + ", as " + quoted(torn.twice.front()));
  if (torn.missing.empty()) return pass(seen);
  if (!torn.signal.empty()) return warn(expected, seen + "; it says so by " + torn.signal);
  return fail(expected, seen + ", as " + quoted(torn.missing.front()));
}

Finding resumes_behind_the_cursor(Endpoint& endpoint) {
  auto const& settings = endpoint.settings().reconnect;
  Tear const how{settings.cuts, 1000, settings.cut_events_per_s};
  return judged(tear(endpoint, how), how.cuts);
}

Finding has_no_seam(Endpoint& endpoint) {
  auto const& settings = endpoint.settings().reconnect;
  Tear const how{settings.cuts / 2, 20'000, settings.full_events_per_s};
  return judged(tear(endpoint, how), how.cuts);
}

std::string fields_of(SseBlock const& event) {
  return fmt::format("id: {}, event: {}, data: {}", event.id, event.type, event.data);
}

Finding replays_the_same(Endpoint& endpoint) {
  auto live = live_channel(endpoint);
  auto const cursor = live.stream.sse().last_event_id;
  if (cursor.empty()) return skip("events have no ids: see RECON-01");
  std::vector<std::string> markers;
  for (int i = 0; i < 5; ++i) {
    markers.push_back(endpoint.marker());
    endpoint.publish(live.channel, markers.back() + "\nsecond line");
  }
  auto const deadline = Deadline::in(endpoint.settings().delivery_s);
  if (!live.stream.await(markers.back(), deadline)) return skip("the events did not come live");
  auto resumed = resume(endpoint, live.channel.url, cursor);
  resumed.await(markers.back(), Deadline::in(endpoint.settings().delivery_s));
  SseBlock const* before = nullptr;
  for (auto const& marker : markers) {
    auto const* now = live.stream.sse().find(marker);
    auto const* again = resumed.sse().find(marker);
    auto const expected = "as it came live: " + quoted(now ? fields_of(*now) : "nothing");
    if (!now || !again) return fail(expected, "nothing");
    if (fields_of(*now) != fields_of(*again)) return fail(expected, quoted(fields_of(*again)));
    if (before && again < before) return fail("the order in which they came live", "another");
    before = again;
  }
  return pass(fmt::format("{} events", markers.size()));
}

// The cursors that a client has which was cut anywhere before the event was whole.
std::set<std::string> cursors_before(EventStream const& stream, SseBlock const& event) {
  auto const& lines = stream.sse().lines;
  auto const begin = lines[event.first_line].offset, end = lines[event.last_line].offset;
  std::set<std::string> cursors;
  SseReader reader;
  reader.feed(std::string_view(stream.text()).substr(0, begin), Instant());
  for (auto at = begin; at <= end; ++at) {
    if (!reader.stream().last_event_id.empty()) cursors.insert(reader.stream().last_event_id);
    reader.feed(std::string_view(stream.text()).substr(at, 1), Instant());
  }
  return cursors;
}

Finding gives_a_cut_event_again(Endpoint& endpoint) {
  auto live = live_channel(endpoint);
  auto const marker = endpoint.marker();
  endpoint.publish(live.channel, marker);
  auto const* event = live.stream.await(marker, Deadline::in(endpoint.settings().delivery_s));
  if (!event) return skip("the event did not come live");
  // A block with an id alone may belong to the event: a client cut behind it must not lose it.
  auto first = *event;
  auto const& blocks = live.stream.sse().blocks;
  for (auto at = static_cast<std::size_t>(event - blocks.data()); at > 0; --at) {
    if (blocks[at - 1].is_event()) break;
    first.first_line = blocks[at - 1].first_line;
  }
  auto const cursors = cursors_before(live.stream, first);
  if (cursors.empty()) return skip("events have no ids: see RECON-01");
  for (auto const& cursor : cursors) {
    auto resumed = resume(endpoint, live.channel.url, cursor);
    if (!resumed.await(marker, Deadline::in(endpoint.settings().delivery_s)))
      return fail("the event whose bytes were cut, whole, on resume",
                  "not from cursor " + quoted(cursor));
  }
  return pass(fmt::format("cut at each of its bytes; {} cursors", cursors.size()));
}

Finding serves_two_with_one_cursor(Endpoint& endpoint) {
  auto live = live_channel(endpoint);
  auto const cursor = live.stream.sse().last_event_id;
  if (cursor.empty()) return skip("events have no ids: see RECON-01");
  auto one = resume(endpoint, live.channel.url, cursor);
  auto two = resume(endpoint, live.channel.url, cursor);
  auto const marker = endpoint.marker();
  endpoint.publish(live.channel, marker);
  auto const deadline = Deadline::in(endpoint.settings().delivery_s);
  bool const both = one.await(marker, deadline) && two.await(marker, deadline);
  if (both) return pass("both get what is published");
  return info(one.body().end != Body::End::open   ? "the first one is ended"
              : two.body().end != Body::End::open ? "the second one is ended"
                                                  : "one of them gets nothing");
}

}  // namespace

std::vector<Case> resume_cases() {
  return {
      {{"RECON-02", "a resume gives every later event once", "HTML 9.2.4; Mercure", Level::url,
        Severity::critical},
       resumes_behind_the_cursor,
       {.limit_s = 60}},
      {{"RECON-03", "nothing is lost or doubled where replay turns live", "promise of any resume",
        Level::publish, Severity::critical},
       has_no_seam,
       {.limit_s = 60, .alone = true}},
      {{"RECON-04", "replayed events keep id, name, data and order", "Mercure", Level::publish,
        Severity::major},
       replays_the_same},
      {{"RECON-22", "an event that was cut comes again, whole", "HTML 9.2.6", Level::publish,
        Severity::critical},
       gives_a_cut_event_again},
      {{"RECON-23", "two connections with the same cursor are both served", "practice",
        Level::publish, Severity::minor},
       serves_two_with_one_cursor},
  };
}

}  // namespace pushlab::conformance

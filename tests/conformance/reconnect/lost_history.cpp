#include <fmt/format.h>

#include <algorithm>

#include "tests/conformance/engine/live_channel.hpp"
#include "tests/conformance/reconnect/gap_signal.hpp"
#include "tests/conformance/reconnect/sections.hpp"

namespace pushlab::conformance {
namespace {

// Publishes more than a history is likely to hold, each event about a resource of its own.
std::vector<std::string> flood(Endpoint& endpoint, Endpoint::Channel const& channel) {
  auto const& settings = endpoint.settings().reconnect;
  std::string const filler(settings.flood_bytes / static_cast<std::size_t>(settings.flood_events),
                           'x');
  std::vector<std::string> markers;
  for (int i = 0; i < settings.flood_events; ++i) {
    markers.push_back(endpoint.marker());
    auto body = notification(channel.name, fmt::format("{}", i), markers.back());
    body.insert(body.find(markers.back()) + markers.back().size(), filler);
    auto const answer = endpoint.post(channel, body);
    if (!answer.accepted())
      throw Skip(fmt::format("the endpoint refused to be flooded: {}", answer.status));
  }
  return markers;
}

Finding says_that_history_is_lost(Endpoint& endpoint) {
  auto const channel = endpoint.channel();
  std::string cursor;
  {
    auto stream = open_stream(endpoint, channel.url);
    cursor = until_live(endpoint, channel, stream).id;
  }
  if (cursor.empty()) return skip("events have no ids: see RECON-01");
  auto const markers = flood(endpoint, channel);
  auto stream = resume(endpoint, channel.url, cursor);
  stream.await(markers.back(), Deadline::in(endpoint.settings().delivery_s));
  auto const came = std::count_if(markers.begin(), markers.end(), [&](std::string const& marker) {
    return stream.sse().find(marker) != nullptr;
  });
  auto const seen = fmt::format("{} of {} missed events", came, markers.size());
  auto const signal = gap_signal(stream, cursor);
  if (!signal.empty()) return pass(seen + ", and " + signal);
  if (static_cast<std::size_t>(came) == markers.size())
    return skip("nothing was lost: the endpoint still knew " + seen);
  return fail("an event, a header or anything else that says that the others are lost", seen);
}

struct Odd {
  std::string what;
  std::string cursor;
  bool long_one = false;
  bool empty = false;  // says nothing: nothing needs be said
};

std::vector<Odd> odd_cursors(std::string const& real) {
  auto other = real;  // as of another epoch: its first sign is another one
  other.front() = other.front() == '1' ? '2' : '1';
  return {{"of another epoch", other},
          {"far ahead", real + "000000"},
          {"garbage", "no-such-id"},
          {"with an encoded line end", "1%0d%0aX: y"},
          {"of 8 KiB", std::string(8192, '7'), true},
          {"empty", "", false, true}};
}

Finding judged(Endpoint& endpoint, Odd const& odd) {
  auto const expected = fmt::format("200 and a sign that a cursor {} is not known", odd.what);
  EventStream stream(endpoint.url(), resuming(endpoint, odd.cursor), endpoint.answer_deadline());
  auto const status = stream.head().status;
  bool const refusal = status == 400 || status == 414 || status == 431;
  if (odd.long_one && refusal) return pass();
  if (status >= 500) return fail(expected, stream.head().status_line());
  if (status != 200) return warn(expected, stream.head().status_line());
  if (odd.empty) return pass();
  stream.read(Deadline::in(endpoint.settings().reconnect.signal_s),
              [&](SseStream const&) { return !gap_signal(stream, odd.cursor).empty(); });
  if (!gap_signal(stream, odd.cursor).empty()) return pass();
  return fail(expected, "200, and no word of it: the client thinks that it has everything");
}

Finding tells_that_a_cursor_is_unknown(Endpoint& endpoint) {
  auto const capture = busy_capture(endpoint);
  if (capture->sse.last_event_id.empty()) return skip("no event has an id: see RECON-01");
  Finding worst = pass();
  for (auto const& odd : odd_cursors(capture->sse.last_event_id)) {
    auto finding = judged(endpoint, odd);
    if (finding.verdict == Verdict::fail) return finding;
    if (finding.verdict == Verdict::warn) worst = std::move(finding);
  }
  return worst;
}

Finding replays_only_what_is_asked_for(Endpoint& endpoint) {
  if (!endpoint.has_own_channels())
    return skip("the URL has no {events}: there is one channel only");
  auto live = live_channel(endpoint);
  auto const cursor = live.stream.sse().last_event_id;
  if (cursor.empty()) return skip("events have no ids: see RECON-01");
  auto const foreign = endpoint.marker();
  endpoint.publish(live.channel, foreign);
  live.stream.await(foreign, Deadline::in(endpoint.settings().delivery_s));
  auto const mine = endpoint.channel();
  auto stream = resume(endpoint, mine.url, cursor);
  until_live(endpoint, mine, stream);
  if (stream.sse().find(foreign))
    return fail("only events of the names that this connection may see",
                "an event of another name, replayed");
  return pass("a foreign cursor brings no foreign events");
}

}  // namespace

std::vector<Case> lost_history_cases() {
  return {
      {{"RECON-05", "a client is told that the events behind its cursor are lost", "Mercure",
        Level::publish, Severity::critical},
       says_that_history_is_lost,
       {.limit_s = 90, .alone = true}},
      {{"RECON-06", "unknown and malformed cursors get a stream and are told so", "Mercure",
        Level::url, Severity::major},
       tells_that_a_cursor_is_unknown,
       {.limit_s = 60}},
      {{"RECON-08", "a replay holds only what the connection may see today", "Mercure",
        Level::publish, Severity::critical},
       replays_only_what_is_asked_for},
  };
}

}  // namespace pushlab::conformance

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "tests/conformance/engine/live_channel.hpp"
#include "tests/conformance/heartbeat/sections.hpp"
#include "tests/conformance/heartbeat/silence.hpp"

namespace pushlab::conformance {
namespace {

Finding something_comes(Endpoint& endpoint) {
  auto const& settings = endpoint.settings().heartbeat;
  auto const silence = quiet_silence(endpoint);
  auto const expected =
      fmt::format("something on a quiet stream at least every {:.0f} s", settings.silence_pass_s);
  if (silence.ended && silence.listened_s < settings.silence_fail_s)
    return skip(
        fmt::format("the connection ended after {:.0f} s: see RECON-16", silence.listened_s));
  if (silence.arrivals.empty())
    return fail(expected, fmt::format("nothing in {:.0f} s", silence.listened_s));
  auto const seen = fmt::format("{} times in {:.0f} s, silence of {:.1f} s at most",
                                silence.arrivals.size(), silence.listened_s, silence.longest_s);
  if (silence.longest_s <= settings.silence_pass_s) return pass(seen);
  return silence.longest_s <= settings.silence_fail_s ? warn(expected, seen) : fail(expected, seen);
}

bool named_like_a_heartbeat(std::string const& data) {
  auto const text = lower(data);
  return text.empty() || text.find("ping") != text.npos || text.find("beat") != text.npos ||
         text.find("alive") != text.npos;
}

// The message event that the heartbeats are; empty when there is none.
std::string heartbeat_message(SseCapture const& capture) {
  std::map<std::string, int> count;
  for (auto const* event : capture.sse.events()) {
    if (event->type != "message") continue;
    if (++count[event->data] > 1 || named_like_a_heartbeat(event->data))
      return "data: " + quoted(event->data);
  }
  return {};
}

Finding heartbeats_are_no_messages(Endpoint& endpoint) {
  auto const capture = long_capture(endpoint);
  if (quiet_silence(endpoint).arrivals.empty()) return skip("no heartbeat came: see HB-01");
  auto const message = heartbeat_message(*capture);
  if (!message.empty()) return warn("a comment, or an event with a name of its own", message);
  std::size_t comments = 0;
  for (auto const& line : capture->sse.lines) comments += line.kind == SseLine::Kind::comment;
  return pass(comments > 0 ? fmt::format("{} comments", comments) : "events with a name");
}

// When the next bytes come; throws Skip when none do in time.
Instant next_arrival(EventStream& stream, double within_s) {
  auto const before = stream.body().pieces.size();
  auto const came = [&](SseStream const&) { return stream.body().pieces.size() > before; };
  if (!stream.read(Deadline::in(within_s), came))
    throw Skip("heartbeats do not come often enough: see HB-01");
  return stream.body().pieces.back().at;
}

Finding heartbeats_wait_for_silence(Endpoint& endpoint) {
  auto const patience_s = endpoint.settings().heartbeat.beat_s;
  auto live = live_channel(endpoint);
  auto const event = Clock::now();
  auto const wire_size = live.stream.body().wire_size;
  auto const first = next_arrival(live.stream, patience_s);
  auto const bytes = live.stream.body().wire_size - wire_size;
  auto const period_s = seconds_between(event, first);
  live.stream.listen(period_s / 2);
  auto const marker = endpoint.marker();
  endpoint.publish(live.channel, marker);
  if (!live.stream.await(marker, Deadline::in(endpoint.settings().delivery_s)))
    return skip("an event did not come");
  auto const published = Clock::now();
  auto const pause_s = seconds_between(published, next_arrival(live.stream, patience_s));
  auto const seen = fmt::format("{} bytes every {:.1f} s; the next {:.1f} s after an event", bytes,
                                period_s, pause_s);
  bool const restarts = pause_s > 0.75 * period_s;
  return restarts && bytes <= 16 ? pass(seen) : info(seen);
}

}  // namespace

std::vector<Case> rhythm_cases() {
  using enum Level;
  using enum Severity;
  return {
      {{"HB-01",
        "something comes on a quiet stream at least every 30 s, better every 15 s",
        "HTML 9.2.7",
        url,
        major,
        {Strategy::sse, Strategy::websocket}},
       something_comes,
       {.limit_s = 120}},
      {{"HB-03", "heartbeats are comments or events with a name, not messages", "HTML 9.2.6", url,
        minor},
       heartbeats_are_no_messages,
       {.limit_s = 120}},
      {{"HB-05", "heartbeats wait for silence and take 16 bytes at most", "practice", publish,
        minor},
       heartbeats_wait_for_silence,
       {.limit_s = 110}},
  };
}

}  // namespace pushlab::conformance

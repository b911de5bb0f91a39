#include <fmt/format.h>

#include "tests/conformance/compression/codings.hpp"
#include "tests/conformance/compression/sections.hpp"
#include "tests/conformance/engine/capture.hpp"
#include "tests/conformance/engine/verdicts.hpp"

namespace pushlab::conformance {
namespace {

// Empty, and said, when not even the head comes.
std::optional<EventStream> open_coded(Endpoint& endpoint, Url const& url, std::string const& coding,
                                      Verdicts& verdicts) {
  try {
    return open_stream(endpoint, url, request_for(endpoint, coding));
  } catch (WireError const& error) {
    if (error.kind != WireError::Kind::silent) throw;
    verdicts.bad(fmt::format("{}: no head within {} s", coding, endpoint.settings().answer_s));
    return {};
  }
}

// Publishes and compares when the event can be read on both streams. False: there is no sense in
// going on.
bool judge_event(Endpoint& endpoint, Endpoint::Channel const& channel, EventStream& plain,
                 EventStream& coded, std::string const& what, std::size_t size,
                 Verdicts& verdicts) {
  auto const& settings = endpoint.settings().compression;
  auto const marker = endpoint.marker();
  endpoint.publish(channel, marker + noise(size));
  auto const* reference = plain.await(marker, Deadline::in(endpoint.settings().delivery_s));
  if (!reference) throw Skip("an event does not come uncoded either");
  auto const at = reference->at;
  auto const* event = coded.await(marker, Deadline::in(settings.pause_s));
  auto const event_of = fmt::format("{}, event of {} bytes: ", what, size);
  if (event) {
    auto const late_s = seconds_between(at, event->at);
    late_s <= settings.late_s
        ? verdicts.good()
        : verdicts.bad(event_of + fmt::format("{:.0f} ms late", late_s * 1e3));
    return true;
  }
  if (coded.decoder().state() == ContentDecoder::State::broken) {
    verdicts.bad(event_of + coded.decoder().error());
    return false;
  }
  auto const next = endpoint.marker();
  endpoint.publish(channel, next + noise(size));
  plain.await(next, Deadline::in(endpoint.settings().delivery_s));
  bool const late_by_one =
      coded.await(marker, Deadline::in(settings.pause_s)) && !coded.sse().find(next);
  verdicts.bad(event_of + (late_by_one ? "comes with the next one" : "does not come"));
  return false;
}

Finding delivers_at_once(Endpoint& endpoint) {
  Verdicts verdicts;
  for (auto const& coding : used_codings(endpoint)) {
    auto const channel = endpoint.channel();
    auto plain = open_stream(endpoint, channel.url, request_for(endpoint, {}));
    auto opened = open_coded(endpoint, channel.url, coding, verdicts);
    if (!opened) continue;
    auto& coded = *opened;
    // Small and large: coders hold back the one or the other.
    for (std::size_t const size : {50U, 3000U, 50U, 50U})
      if (!judge_event(endpoint, channel, plain, coded, coding, size, verdicts)) break;
  }
  return verdicts.finding(fmt::format("coded events at most {:.0f} ms behind uncoded ones",
                                      endpoint.settings().compression.late_s * 1e3),
                          "events in time");
}

std::size_t comments(EventStream const& stream) {
  std::size_t count = 0;
  for (auto const& line : stream.sse().lines)
    count += line.kind == SseLine::Kind::comment && line.end != SseLine::End::none ? 1 : 0;
  return count + stream.sse().blocks.size();
}

// What a coded stream brings by itself, beside an uncoded one.
void judge_quiet(Endpoint& endpoint, std::string const& coding, Verdicts& verdicts) {
  auto const heartbeat_s = endpoint.settings().compression.heartbeat_s;
  auto plain = open_stream(endpoint, endpoint.url(), request_for(endpoint, {}));
  auto opened = open_coded(endpoint, endpoint.url(), coding, verdicts);
  if (!opened) return;
  auto& coded = *opened;
  auto const head_s = coded.exchange().head_after_s();
  if (head_s > endpoint.settings().response.head_warn_s)
    return verdicts.bad(fmt::format("{}: the head after {:.1f} s", coding, head_s));
  plain.listen(endpoint.settings().still_open_s);
  coded.listen(endpoint.settings().still_open_s);
  if (comments(plain) > 0 && comments(coded) == 0)
    return verdicts.bad(coding + ": the first words of the stream are held back");
  auto const greeting = comments(plain);
  auto const greeted = comments(coded);
  bool const beats = plain.read(Deadline::in(heartbeat_s),
                                [&](auto const&) { return comments(plain) > greeting; });
  if (!beats) return verdicts.good();
  // Each stream has a phase of its own, so the other one's beat may take as long again.
  bool const beats_coded =
      coded.read(Deadline::in(heartbeat_s), [&](auto const&) { return comments(coded) > greeted; });
  beats_coded ? verdicts.good() : verdicts.bad(coding + ": heartbeats are held back");
}

Finding delivers_the_quiet_parts(Endpoint& endpoint) {
  Verdicts verdicts;
  for (auto const& coding : used_codings(endpoint)) judge_quiet(endpoint, coding, verdicts);
  return verdicts.finding("head, greeting and heartbeats as without a coding", "codings");
}

}  // namespace

std::vector<Case> compression_stream_cases() {
  using enum Level;
  using enum Severity;
  return {
      {{"COMP-03", "a coded event can be read when it arrives", "RFC 9110 8.4", publish, critical},
       delivers_at_once,
       {.limit_s = 90}},
      {{"COMP-04", "a coder holds back neither the head nor heartbeats", "HTML 9.2.7", url, major},
       delivers_the_quiet_parts,
       {.limit_s = 180}},
  };
}

}  // namespace pushlab::conformance

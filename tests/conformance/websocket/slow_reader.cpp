#include <fmt/format.h>

#include <algorithm>

#include "tests/conformance/websocket/sections.hpp"
#include "tests/conformance/websocket/trials.hpp"

namespace pushlab::conformance {
namespace {

constexpr std::size_t most_shown = 3;

struct Flood {
  std::vector<std::string> markers;
  std::vector<double> delays_s;  // at a reader that keeps up, sorted
  std::int64_t grown = 0;        // resident memory, bytes
  bool pinged = false;           // a ping behind it all was answered

  double p99_s() const { return delays_s[delays_s.size() * 99 / 100]; }
};

// Publishes big events, each when the one before it has arrived at a reader that keeps up.
Flood flood(Endpoint& endpoint, Endpoint::Channel const& channel) {
  auto const& settings = endpoint.settings().websocket;
  Flood result;
  auto const before = endpoint.process().rss_bytes();
  auto peer = open_websocket(endpoint, channel.url);
  for (int i = 0; i < settings.stalled_events; ++i) {
    auto const marker = endpoint.marker();
    auto const begin = Clock::now();
    endpoint.publish(channel, marker + std::string(settings.stalled_bytes, 'x'));
    auto const* message = peer.await(marker, Deadline::in(endpoint.settings().delivery_s));
    if (!message) break;
    result.markers.push_back(marker);
    result.delays_s.push_back(seconds_between(begin, message->at));
  }
  std::sort(result.delays_s.begin(), result.delays_s.end());
  peer.send({.opcode = Opcode::ping, .payload = "behind it"}, endpoint.answer_deadline());
  result.pinged = peer.read(endpoint.answer_deadline(),
                            [](WebSocketLog const& log) { return log.find_pong("behind it"); });
  result.grown = endpoint.process().rss_bytes() - before;
  return result;
}

std::vector<WebSocketPeer> stalled_readers(Endpoint& endpoint, Url const& url) {
  std::vector<WebSocketPeer> peers;
  for (int i = 0; i < endpoint.settings().websocket.stalled; ++i)
    peers.push_back(open_websocket(endpoint, url, upgrade_request(endpoint), {{}, {{}, 4096}}));
  return peers;
}

// Whether the stalled reader, reading again, is left in the dark about events it did not get; and
// what happened to it.
bool left_in_the_dark(WebSocketPeer& peer, Flood const& flood, Endpoint& endpoint,
                      std::string& what) {
  peer.await(flood.markers.back(), Deadline::in(endpoint.settings().delivery_s));
  std::size_t next = 0;
  bool told = false;  // a message of another kind came since the last event
  auto const& messages = peer.log().messages;
  for (auto const& message : messages) {
    auto const at = std::find_if(
        flood.markers.begin(), flood.markers.end(),
        [&](auto const& marker) { return message.payload.find(marker) != std::string::npos; });
    bool const greets = &message == &messages.front();
    told = told || (at == flood.markers.end() && !greets);
    if (at == flood.markers.end()) continue;
    auto const index = static_cast<std::size_t>(at - flood.markers.begin());
    what = fmt::format("event {} follows event {} of {}, without a word", index + 1, next,
                       flood.markers.size());
    if (index != next && !told) return true;
    next = index + 1;
    told = false;
  }
  bool const complete = next == flood.markers.size();
  bool const ended = peer.close_code() || peer.ended_by() != Arrival::Kind::nothing;
  what = fmt::format("{} of {} events, then {}", next, flood.markers.size(),
                     complete ? "up to date" : peer.ending());
  return !complete && !ended && !told;
}

Finding bounds_slow_readers(Endpoint& endpoint) {
  auto const& settings = endpoint.settings().websocket;
  auto const alone = flood(endpoint, endpoint.channel());
  auto const channel = endpoint.channel();
  auto readers = stalled_readers(endpoint, channel.url);
  auto const beside = flood(endpoint, channel);
  Verdicts verdicts;
  auto const wanted = static_cast<std::size_t>(settings.stalled_events);
  if (alone.markers.size() < wanted || beside.markers.size() < wanted)
    return fail("all events at a reader that keeps up",
                fmt::format("{} of {} alone, {} beside readers that stall", alone.markers.size(),
                            wanted, beside.markers.size()));
  auto const delays = fmt::format("p99 {:.1f} ms alone, {:.1f} ms beside {} stalled readers",
                                  alone.p99_s() * 1e3, beside.p99_s() * 1e3, readers.size());
  if (beside.p99_s() > 2 * alone.p99_s() + settings.stalled_slack_s) verdicts.bad(delays);
  if (!beside.pinged) verdicts.bad("no pong for the reader that keeps up");
  auto const held = std::max<std::int64_t>(beside.grown - alone.grown, 0) / 1024;
  auto const published = static_cast<std::int64_t>(wanted * settings.stalled_bytes) / 1024;
  auto const memory =
      fmt::format("{} KiB held for {} readers of {} KiB", held, readers.size(), published);
  if (held > static_cast<std::int64_t>(readers.size()) * published / 2) verdicts.bad(memory);
  std::string fate;
  for (std::size_t i = 0; i < std::min(readers.size(), most_shown); ++i)
    left_in_the_dark(readers[i], beside, endpoint, fate) ? verdicts.bad(fate) : verdicts.good();
  return verdicts.finding("others undelayed, bounded memory, and no silent gap",
                          "fates seen: " + fate + "; " + delays + "; " + memory);
}

}  // namespace

std::vector<Case> websocket_slow_reader_cases() {
  return {{{"WS-16", "a reader that stalls delays nobody, costs bounded memory and is told",
            "RECON-18 to 20", Level::process, Severity::critical},
           bounds_slow_readers,
           {.limit_s = 120, .alone = true}}};
}

}  // namespace pushlab::conformance

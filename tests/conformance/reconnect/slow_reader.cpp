#include <fmt/format.h>

#include <algorithm>

#include "tests/conformance/engine/live_channel.hpp"
#include "tests/conformance/engine/stream_pool.hpp"
#include "tests/conformance/reconnect/sections.hpp"
#include "tests/conformance/reconnect/stall.hpp"

namespace pushlab::conformance {
namespace {

// Publishes one small event after the other to all; behind how many seconds each client had it,
// sorted. `between` runs before each.
std::vector<double> delays(Endpoint& endpoint, Endpoint::Channel const& channel, StreamPool& pool,
                           std::function<void()> const& between) {
  std::vector<double> all;
  for (int i = 0; i < endpoint.settings().reconnect.delayed_events; ++i) {
    between();
    auto const marker = endpoint.marker();
    auto const from = Clock::now();
    endpoint.publish(channel, marker);
    auto const has_it = [&](EventStream const& stream) {
      auto const& blocks = stream.sse().blocks;
      return std::any_of(blocks.rbegin(), blocks.rend(), [&](SseBlock const& block) {
        return block.data.find(marker) != std::string::npos;
      });
    };
    auto& streams = pool.streams();
    pool.listen(Deadline::in(endpoint.settings().delivery_s),
                [&] { return std::all_of(streams.begin(), streams.end(), has_it); });
    for (auto const& stream : streams) {
      auto const* event = stream.sse().find(marker);
      all.push_back(event ? seconds_between(from, event->at) : endpoint.settings().delivery_s);
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

double p99(std::vector<double> const& sorted) {
  return sorted[sorted.size() * 99 / 100];
}

Finding a_stalled_reader_delays_nobody(Endpoint& endpoint) {
  auto const& settings = endpoint.settings().reconnect;
  auto const channel = endpoint.channel(), big = endpoint.channel();
  StreamPool pool;
  for (int i = 0; i < settings.watchers; ++i) pool.add(open_stream(endpoint, channel.url));
  for (auto& stream : pool.streams()) until_live(endpoint, channel, stream);
  auto const before = p99(delays(endpoint, channel, pool, [] {}));
  // It gets the big events, too, on a socket that takes little, and reads nothing.
  Connection::Options const small{.alpn = {}, .receive_buffer = 4096};
  auto const url = endpoint.url_for(channel.name + "," + big.name);
  Connection stalled(url, endpoint.answer_deadline(), small);
  stalled.send(endpoint.request().bytes(url), endpoint.answer_deadline());
  std::string const filler(settings.stall_event_bytes / 4, 'x');
  auto const after = p99(delays(endpoint, channel, pool, [&] { endpoint.publish(big, filler); }));
  auto const seen = fmt::format("99 % within {:.1f} ms, and {:.1f} ms beside a stalled reader",
                                before * 1000, after * 1000);
  bool const grown = after > 2 * before && after - before > settings.delay_noise_s;
  return grown ? fail("the same delays beside a reader that has stalled", seen) : pass(seen);
}

Finding memory_is_bounded(Endpoint& endpoint) {
  auto const stall = stalled_readers(endpoint);
  auto const& rss = stall->rss_bytes;
  if (rss.size() < 3) return skip("the process does not tell its memory");
  auto const mib = [](auto bytes) { return static_cast<double>(bytes) / (1 << 20); };
  auto const half = mib(stall->published_bytes) / 2;
  auto const seen =
      fmt::format("{:.0f} MiB, {:.0f} MiB after {:.0f} MiB, {:.0f} MiB after {:.0f} MiB",
                  mib(rss[0]), mib(rss[1]), half, mib(rss[2]), 2 * half);
  if (mib(rss[2] - rss[1]) > half / 2)
    return fail("memory that stops growing while readers do not read", seen);
  auto const& reader = stall->reader;
  if (!reader.ended && reader.came < stall->events && reader.signal.empty())
    return fail("an end, or a sign that events are missing",
                fmt::format("an open stream with {} of {} events", reader.came, stall->events));
  return pass(fmt::format("{}; a reader that stalled {}", seen,
                          reader.ended                   ? "was ended"
                          : reader.came == stall->events ? "got all events"
                                                         : "was told by " + reader.signal));
}

Finding a_stalled_reader_is_told(Endpoint& endpoint) {
  auto const stall = stalled_readers(endpoint);
  if (!stall->has_ids) return skip("events have no ids: see RECON-01");
  auto const seen = fmt::format("{} of {} events", stall->resumed.came, stall->events);
  if (!stall->resumed.signal.empty()) return pass(seen + ", and " + stall->resumed.signal);
  if (stall->resumed.came >= stall->events) return pass(seen);
  return fail("all events after a resume, or a sign that some are missing", seen);
}

}  // namespace

std::vector<Case> slow_reader_cases() {
  return {
      {{"RECON-18", "a reader that has stalled does not delay the others", "promise of any push",
        Level::publish, Severity::critical},
       a_stalled_reader_delays_nobody,
       {.limit_s = 90, .alone = true}},
      {{"RECON-19", "memory for readers that have stalled is bounded, and they are told",
        "promise of any push", Level::process, Severity::critical},
       memory_is_bounded,
       {.limit_s = 120, .alone = true}},
      {{"RECON-20", "a reader that had stalled gets all events or is told of the gap",
        "promise of any resume", Level::publish, Severity::critical},
       a_stalled_reader_is_told,
       {.limit_s = 120, .alone = true}},
  };
}

}  // namespace pushlab::conformance

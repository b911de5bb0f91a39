#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "tests/conformance/engine/capture.hpp"
#include "tests/conformance/engine/stream_pool.hpp"
#include "tests/conformance/heartbeat/sections.hpp"

namespace pushlab::conformance {
namespace {

constexpr std::size_t few = 10;

// Streams that are opened one by one over some time, as users come.
StreamPool crowd(Endpoint& endpoint) {
  auto const& settings = endpoint.settings().heartbeat;
  StreamPool pool;
  for (int i = 0; i < settings.crowd; ++i) {
    EventStream stream(endpoint.url(), endpoint.request(), endpoint.answer_deadline());
    if (stream.head().status != 200) break;
    pool.add(std::move(stream));
    pool.listen(Deadline::in(settings.crowd_opening_s / settings.crowd));
  }
  if (pool.streams().size() < few) throw Skip("the endpoint does not hold enough streams");
  return pool;
}

// Waits until all streams have had so many heartbeats behind their greeting.
bool all_beat(StreamPool& pool, std::vector<std::size_t> const& greeted, std::size_t times,
              Deadline const& deadline) {
  auto const& streams = pool.streams();
  return pool.listen(deadline, [&] {
    for (std::size_t i = 0; i < streams.size(); ++i) {
      if (streams[i].body().pieces.size() < greeted[i] + times) return false;
    }
    return true;
  });
}

// When each stream had its first two heartbeats; streams without are left out.
std::vector<std::array<Instant, 2>> beats(Endpoint& endpoint, StreamPool& pool) {
  auto const& streams = pool.streams();
  pool.listen(Deadline::in(endpoint.settings().still_open_s));
  std::vector<std::size_t> greeted;
  for (auto const& stream : streams) greeted.push_back(stream.body().pieces.size());
  auto const patience_s = endpoint.settings().heartbeat.beat_s;
  if (!all_beat(pool, greeted, 1, Deadline::in(patience_s)))
    throw Skip("heartbeats do not come often enough: see HB-01");
  all_beat(pool, greeted, 2, Deadline::in(patience_s));
  std::vector<std::array<Instant, 2>> found;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    auto const& pieces = streams[i].body().pieces;
    if (pieces.size() >= greeted[i] + 2)
      found.push_back({pieces[greeted[i]].at, pieces[greeted[i] + 1].at});
  }
  return found;
}

// The part of the period in which all streams have their heartbeat: 1 when they are spread evenly.
double share_of_period(std::vector<std::array<Instant, 2>> const& beats, double period_s) {
  std::vector<double> phases;
  for (auto const& beat : beats)
    phases.push_back(
        std::fmod(seconds_between(beats.front()[0], beat[0]) + 1e3 * period_s, period_s));
  std::sort(phases.begin(), phases.end());
  auto widest = phases.front() + period_s - phases.back();
  for (std::size_t i = 1; i < phases.size(); ++i)
    widest = std::max(widest, phases[i] - phases[i - 1]);
  return 1 - widest / period_s;
}

Finding heartbeats_are_spread(Endpoint& endpoint) {
  auto pool = crowd(endpoint);
  auto const found = beats(endpoint, pool);
  if (found.size() < few) return skip("no two heartbeats came: see HB-01");
  std::vector<double> periods_s;
  for (auto const& [first, second] : found) periods_s.push_back(seconds_between(first, second));
  std::sort(periods_s.begin(), periods_s.end());
  auto const period_s = periods_s[periods_s.size() / 2];
  auto const share = share_of_period(found, period_s);
  auto const seen = fmt::format("{} streams, all within {:.0f} % of {:.1f} s", found.size(),
                                share * 100, period_s);
  return share > 0.05 ? pass(seen) : warn("heartbeats spread over their period", seen);
}

}  // namespace

std::vector<Case> spread_cases() {
  return {
      {{"HB-06", "heartbeats of many connections are spread, not one burst", "practice", Level::url,
        Severity::minor},
       heartbeats_are_spread,
       {.limit_s = 110}},
  };
}

}  // namespace pushlab::conformance

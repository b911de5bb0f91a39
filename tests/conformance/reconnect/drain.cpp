#include "tests/conformance/reconnect/drain.hpp"

#include <atomic>
#include <thread>

#include "tests/conformance/engine/live_channel.hpp"
#include "tests/conformance/engine/stream_pool.hpp"

namespace pushlab::conformance {
namespace {

constexpr int streams = 4;
constexpr double probe_s = 0.5;

struct Accepted {
  std::string marker;
  Instant at;
};

// Publishes at an even pace until it is stopped or the endpoint takes no more.
std::vector<Accepted> publish_on(Endpoint& endpoint, Endpoint::Channel const& channel,
                                 std::stop_token const& stop) {
  auto const pause = std::chrono::duration_cast<Clock::duration>(
      std::chrono::duration<double>(1 / endpoint.settings().reconnect.drain_events_per_s));
  auto const begin = Clock::now();
  std::vector<Accepted> accepted;
  try {
    while (!stop.stop_requested()) {
      auto const marker = endpoint.marker();
      auto const body = notification(channel.name, "1", marker);
      if (!endpoint.post(channel, body).accepted()) break;
      accepted.push_back({marker, Clock::now()});
      std::this_thread::sleep_until(begin + pause * accepted.size());
    }
  } catch (WireError const&) {
    // It is going down: whatever it says now, it did not take this one.
  } catch (Overdue const&) {
    // The run was broken off: on this thread nobody else catches it.
  }
  return accepted;
}

// Knocks until nobody answers; who is refused a connection is told to come later, as he should be.
std::vector<std::string> knock(Endpoint& endpoint, Url const& url) {
  std::vector<std::string> answers;
  auto const deadline = Deadline::in(endpoint.settings().reconnect.drain_s);
  while (!deadline.over() && answers.size() < 20) {
    try {
      Exchange const late(url, endpoint.request(), Deadline::in(probe_s));
      answers.push_back(late.head().status_line());
    } catch (WireError const&) {
      return answers;
    }
  }
  return answers;
}

void take(Instant from, std::vector<Accepted> const& accepted, StreamPool& pool, Drain& drain) {
  for (auto const& one : accepted)
    (one.at < from ? drain.accepted_before : drain.accepted_after).push_back(one.marker);
  for (auto& stream : pool.streams())
    drain.streams.push_back({stream.text(), stream.sse(), stream.body().end,
                             seconds_between(from, stream.body().ended_at)});
}

Drain drain_under_load(Endpoint& endpoint) {
  auto& process = endpoint.process();
  auto const& settings = endpoint.settings().reconnect;
  auto const channel = endpoint.channel();
  StreamPool pool;
  for (int i = 0; i < streams; ++i) {
    pool.add(open_stream(endpoint, channel.url));
    until_live(endpoint, channel, pool.streams().back());
  }
  std::vector<Accepted> accepted;
  std::jthread publisher(
      [&](std::stop_token const& stop) { accepted = publish_on(endpoint, channel, stop); });
  pool.listen(Deadline::in(settings.drain_load_s));
  Drain drain;
  auto const from = Clock::now();
  process.terminate();
  drain.answers = knock(endpoint, channel.url);
  pool.listen(Deadline::in(settings.drain_s));
  drain.ended = process.ended_within(settings.drain_s, drain.how);
  publisher.request_stop();
  publisher.join();
  if (!drain.ended) process.kill();
  take(from, accepted, pool, drain);
  return drain;
}

}  // namespace

std::shared_ptr<Drain const> drained_under_load(Endpoint& endpoint) {
  return endpoint.once<Drain>("drain", [&endpoint] { return drain_under_load(endpoint); });
}

}  // namespace pushlab::conformance

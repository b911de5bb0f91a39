#include <fmt/format.h>

#include <algorithm>
#include <list>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "tests/conformance/engine/live_channel.hpp"
#include "tests/conformance/engine/stream_pool.hpp"
#include "tests/conformance/engine/verdicts.hpp"
#include "tests/conformance/polling/poll.hpp"
#include "tests/conformance/reconnect/drain.hpp"
#include "tests/conformance/reconnect/gap_signal.hpp"
#include "tests/conformance/reconnect/sections.hpp"

namespace pushlab::conformance {
namespace {

Finding keeps_ids_over_a_restart(Endpoint& endpoint) {
  auto live = live_channel(endpoint);
  auto const cursor = live.stream.sse().last_event_id;
  if (cursor.empty()) return skip("events have no ids: see RECON-01");
  auto const missed = endpoint.marker();
  endpoint.publish(live.channel, missed);
  live.stream.await(missed, Deadline::in(endpoint.settings().delivery_s));
  std::string how;
  endpoint.process().terminate();
  if (!endpoint.process().ended_within(endpoint.settings().reconnect.drain_s, how)) {
    endpoint.process().kill();
    endpoint.process().ended_within(endpoint.settings().reconnect.drain_s, how);
  }
  endpoint.process().restart();
  auto const expected = "the missed event, or a sign that it is lost";
  EventStream stream(live.channel.url, resuming(endpoint, cursor), endpoint.answer_deadline());
  if (stream.head().status != 200) return fail(expected, stream.head().status_line());
  stream.read(Deadline::in(endpoint.settings().reconnect.signal_s), [&](SseStream const& sse) {
    return sse.find(missed) || !gap_signal(stream, cursor).empty();
  });
  if (stream.sse().find(missed)) return pass("the missed event came");
  auto const signal = gap_signal(stream, cursor);
  return signal.empty() ? fail(expected, "neither") : pass(signal);
}

Finding varies_retry(Endpoint& endpoint) {
  auto const connections = endpoint.settings().reconnect.retry_connections;
  std::set<std::string> values;
  std::vector<EventStream> held;  // all at once, as after a deploy
  for (int i = 0; i < connections; ++i) {
    auto& stream = held.emplace_back(open_stream(endpoint, endpoint.url()));
    stream.read(Deadline::in(endpoint.settings().reconnect.signal_s),
                [](SseStream const& sse) { return !sse.retries.empty(); });
    if (stream.sse().retries.empty())
      return warn("a retry field: browsers differ in their own delay", "none");
    values.insert(stream.sse().retries.front());
  }
  auto const seen = fmt::format("{} values on {} connections, as {} ms", values.size(), connections,
                                *values.begin());
  if (values.size() > 1) return pass(seen);
  return warn("a delay that differs: browsers add no jitter, and all come back at once", seen);
}

// Streams opened from several threads at once, and when the last one stood.
struct Rush {
  std::vector<std::unique_ptr<Exchange>> stand;
  double last_s = 0;
};

Rush rush(Endpoint& endpoint, std::size_t count) {
  constexpr std::size_t threads = 8;
  Rush rush;
  std::mutex mutex;
  auto const begin = Clock::now();
  auto const open_some = [&](std::size_t first) {
    for (auto i = first; i < count; i += threads) {
      try {
        auto stream = std::make_unique<Exchange>(endpoint.url(), endpoint.request(),
                                                 endpoint.answer_deadline());
        if (stream->head().status != 200) continue;
        std::lock_guard const lock(mutex);
        rush.stand.push_back(std::move(stream));
        rush.last_s = seconds_between(begin, Clock::now());
      } catch (WireError const&) {
        continue;
      }
    }
  };
  std::vector<std::jthread> all;
  for (std::size_t t = 0; t < threads; ++t) all.emplace_back(open_some, t);
  all.clear();
  return rush;
}

Finding recovers_from_a_mass_cut(Endpoint& endpoint) {
  auto const& settings = endpoint.settings().reconnect;
  auto const before = rush(endpoint, settings.mass);
  if (before.stand.size() < settings.mass)
    return skip(fmt::format("it holds {} of {} streams", before.stand.size(), settings.mass));
  endpoint.process().kill();
  std::string how;
  endpoint.process().ended_within(settings.drain_s, how);
  endpoint.process().restart();
  auto const after = rush(endpoint, settings.mass);
  auto const seen = fmt::format("{} of {} streams stood {:.2f} s after the rush began",
                                after.stand.size(), settings.mass, after.last_s);
  if (after.stand.size() < settings.mass) return fail("all of them served again", seen);
  return after.last_s <= settings.mass_pass_s ? pass(seen) : info(seen);
}

// What goes wrong for a client of a server that is stopped; empty: nothing.
std::string lost_by(Drain const& drain, Drain::Stream const& stream) {
  for (auto const& marker : drain.accepted_before) {
    if (!stream.sse.find(marker)) return "an event that was accepted before SIGTERM never came";
  }
  if (stream.end == Body::End::reset) return "a stream was reset";
  if (stream.end == Body::End::open) return "a stream stayed open";
  if (stream.sse.partial()) return "a stream ended inside an event";
  for (auto const& marker : drain.accepted_after) {
    if (!stream.sse.find(marker)) return "an event that was accepted after SIGTERM never came";
  }
  return {};
}

// Who is waiting for an event is answered, and not cut.
Finding drains_polls(Endpoint& endpoint) {
  auto const channel = endpoint.channel();
  auto const cursor = cursor_to_begin_with(endpoint, channel);
  std::list<HeldPoll> held;
  for (int i = 0; i < 3; ++i) held.emplace_back(endpoint, channel.url, cursor, 20);
  for (auto& poll : held) {
    if (poll.answer(Deadline::in(endpoint.settings().polling.prime_s)))
      return skip("a poll is not held");
  }
  endpoint.process().terminate();
  auto const deadline = Deadline::in(endpoint.settings().reconnect.drain_s);
  std::string how;
  Verdicts verdicts;
  for (auto& poll : held) {
    try {
      auto const answer = poll.answer(deadline);
      if (!answer)
        verdicts.bad("no answer to a poll that was held");
      else if (answer->head.status / 100 == 2 && answer->body.end == Body::End::complete)
        verdicts.good();
      else
        verdicts.bad(answer->in_short());
    } catch (WireError const& error) {
      verdicts.bad(error.what());
    }
  }
  if (!endpoint.process().ended_within(endpoint.settings().reconnect.drain_s, how)) {
    endpoint.process().kill();
    verdicts.soft("the process goes on");
  } else if (how != "exit status 0") {
    verdicts.soft(how);
  }
  return verdicts.finding("2xx for every poll that is held when the server stops", "polls");
}

Finding drains(Endpoint& endpoint) {
  if (endpoint.strategy() == Strategy::long_poll) return drains_polls(endpoint);
  auto const drain = drained_under_load(endpoint);
  constexpr auto expected = "all accepted events, then an end at a boundary, and no 5xx";
  for (auto const& answer : drain->answers) {
    if (answer.find(" 5") != std::string::npos)
      return fail(expected, answer + " to a new stream: it silences browsers for good");
  }
  double last_s = 0;
  for (auto const& stream : drain->streams) {
    if (auto const loss = lost_by(*drain, stream); !loss.empty()) return fail(expected, loss);
    last_s = std::max(last_s, stream.after_s);
  }
  for (auto const& stream : drain->streams) {
    if (stream.end == Body::End::cut)
      return warn("the last chunk before the end", "a body that is cut between two events");
  }
  if (!drain->ended || drain->how != "exit status 0")
    return warn("the process to end by itself, with status 0",
                drain->ended ? drain->how : "it goes on");
  return pass(fmt::format("{} events on {} streams, ended {:.2f} s after SIGTERM",
                          drain->accepted_before.size() + drain->accepted_after.size(),
                          drain->streams.size(), last_s));
}

Finding lives_long(Endpoint& endpoint) {
  auto const capture = long_capture(endpoint);
  auto const& body = capture->body;
  if (body.end == Body::End::open)
    return pass(fmt::format("no end within {:.0f} s", endpoint.settings().listen_s));
  auto const lifetime_s = seconds_between(capture->head.at, body.ended_at);
  bool const clean = body.end == Body::End::complete && !capture->sse.partial();
  auto const seen = fmt::format("an end after {:.1f} s", lifetime_s);
  return clean ? info(seen + ", at a boundary")
               : warn("an end like that of a drain", seen + ", torn");
}

}  // namespace

std::vector<Case> restart_cases() {
  return {
      {{"RECON-10", "ids stay valid over a restart, or are known to be stale",
        "promise of any resume", Level::process, Severity::major},
       keeps_ids_over_a_restart,
       {.limit_s = 60, .alone = true}},
      {{"RECON-11", "the server sends retry, and varies it", "HTML 9.2.3", Level::url,
        Severity::major},
       varies_retry},
      {{"RECON-12", "when all streams were cut at once, all are served again soon", "practice",
        Level::process, Severity::major},
       recovers_from_a_mass_cut,
       {.limit_s = 90, .alone = true}},
      {{"RECON-14",
        "a drain loses nothing, ends every stream in order and answers polls",
        "9112 9.6; HTML 9.2.3",
        Level::process,
        Severity::critical,
        {Strategy::sse, Strategy::long_poll}},
       drains,
       {.limit_s = 60, .alone = true}},
      not_testable({"RECON-15", "clients of a drained instance resume at another one",
                    "promise of any resume", Level::process, Severity::critical},
                   "it takes two instances that share their history, and one endpoint is given"),
      {{"RECON-16", "an end after the longest life of a connection is like that of a drain",
        "practice", Level::url, Severity::minor},
       lives_long,
       {.limit_s = 120}},
  };
}

}  // namespace pushlab::conformance

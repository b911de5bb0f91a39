#include "tests/unit/results/simulated_polling.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "results/histogram.hpp"
#include "tests/unit/results/sample_result.hpp"

namespace pushlab::sample {

namespace json = boost::json;
using results::Histogram;

namespace {

struct Event {
  double due_s, sent_s;
  std::vector<double> latencies_s;
};

struct Client {
  std::uint64_t requests = 0;
  std::uint64_t useless = 0;
  double stale_s = 0;
};

std::uint64_t to_ns(double s) {
  return static_cast<std::uint64_t>(s * 1e9);
}

// Events before 0 are the warm-up's.
std::vector<Event> arrivals(Polling const& polling, Random& random) {
  std::vector<Event> events;
  double const end_s = polling.events * polling.event_s;
  double at = -3 * (polling.poll_s + polling.event_s);
  while (true) {
    at += polling.poisson ? -polling.event_s * std::log(1 - random.uniform()) : polling.event_s;
    if (at >= end_s) return events;
    events.push_back({at, at + 2 * polling.lag_s * random.uniform(), {}});
  }
}

// Walks one client's polls through the run.
Client walk(Polling const& polling, Recorder recorder, std::vector<Event>& events, Random& random) {
  double const end_s = polling.events * polling.event_s;
  double const start_s = events.front().due_s;
  double const phase = random.uniform() * polling.poll_s;
  Client client;
  std::size_t next = 0;
  double fresh_from = 0;  // up to here the client's time is accounted for
  for (double asked = start_s - phase; next < events.size() || asked < end_s;
       asked += polling.poll_s) {
    double const up = polling.way_s * random.uniform();
    double const down = polling.way_s * random.uniform();
    bool const counted = asked >= 0 && asked < end_s;
    std::size_t const first = next;
    while (next < events.size() && events[next].sent_s + up <= asked) {
      Event& event = events[next++];
      double const origin = recorder == Recorder::from_request ? asked
                            : recorder == Recorder::from_send  ? event.sent_s
                                                               : event.due_s;
      event.latencies_s.push_back(asked + down - origin);
    }
    client.requests += counted;
    client.useless += counted && next == first;
    if (next == first) continue;
    double const from = std::clamp(events[first].sent_s, fresh_from, end_s);
    double const to = std::clamp(asked + down, 0.0, end_s);
    client.stale_s += std::max(0.0, to - from);
    fresh_from = std::max(fresh_from, to);
  }
  return client;
}

json::object repetition(Polling const& polling, Recorder recorder, std::uint32_t block) {
  Random random(polling.seed * 1000 + block);
  auto events = arrivals(polling, random);
  Client all;
  for (std::uint32_t i = 0; i < polling.clients; ++i) {
    Client const one = walk(polling, recorder, events, random);
    all.requests += one.requests;
    all.useless += one.useless;
    all.stale_s += one.stale_s;
  }
  Histogram latency, from_send, lag;
  json::array rows;
  for (Event& event : events) {
    if (event.due_s < 0) continue;
    double const late = event.sent_s - event.due_s;
    lag.add(to_ns(late));
    auto& sorted = event.latencies_s;
    std::ranges::sort(sorted);
    for (double s : sorted) {
      latency.add(to_ns(s));
      from_send.add(to_ns(recorder == Recorder::faultless ? s - late : s));
    }
    auto const ms_at = [&](double q) {
      return 1000 * sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
    };
    rows.push_back(json::array{event.due_s * 1000, late * 1000, polling.clients, sorted.size(),
                               ms_at(0), ms_at(0.5), ms_at(0.9), ms_at(1)});
  }
  double const measured_s = polling.events * polling.event_s;
  return {{"block", block},
          {"order", 0},
          {"error", nullptr},
          {"clients", polling.clients},
          {"delivered", latency.delivered()},
          {"requests", all.requests},
          {"useless_requests", all.useless},
          {"stale_share", all.stale_s / polling.clients / measured_s},
          {"measured_s", measured_s},
          {"generator", json::object{{"valid", true}}},
          {"event_rows",
           json::object{{"columns", json::array{"intended_ms", "lag_ms", "expected", "delivered",
                                                "first_ms", "p50_ms", "p90_ms", "last_ms"}},
                        {"rows", std::move(rows)}}},
          {"histograms", json::object{{"latency", latency.to_json()},
                                      {"latency_from_send", from_send.to_json()},
                                      {"lag", lag.to_json()}}}};
}

}  // namespace

json::object polled(Polling const& polling, Recorder recorder) {
  json::array repetitions;
  for (std::uint32_t b = 0; b < polling.repetitions; ++b)
    repetitions.push_back(repetition(polling, recorder, b));
  json::object target{{"id", "short-poll"},
                      {"title", "Short polling"},
                      {"strategy", "short-poll"},
                      {"options", json::object{{"poll_interval_s", polling.poll_s}}},
                      {"repetitions", std::move(repetitions)}};
  return {{"schema", "pushlab.result/1"},
          {"scenario", json::object{{"arrivals", polling.poisson ? "poisson" : "fixed"},
                                    {"rate", 1 / polling.event_s}}},
          {"targets", json::array{std::move(target)}}};
}

}  // namespace pushlab::sample

// What one load run found. A delivery is one (event, entitled client) pair; only events of the
// measured phase count.
//
// Every expected pair is delivered or lost. Latency runs from the intended time of the event to the
// clock read after the recv that completed it; a lost pair is infinite in the percentiles (null in
// JSON).
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "loadgen/loop/wire_count.hpp"
#include "loadgen/recorder/histogram.hpp"
#include "loadgen/recorder/self_watch.hpp"

namespace pushlab::loadgen {

// One measured event over its subscribers. Absent = undelivered at that percentile.
struct EventRow {
  std::int64_t intended_ns = 0;  // since the start of the measured phase
  std::int64_t lag_ns = 0;       // actual send - intended; -1 when never sent
  std::uint64_t expected = 0;
  std::uint64_t delivered = 0;
  std::optional<std::int64_t> first_ns, p50_ns, p90_ns, last_ns;
};

// One second of the measured phase; an event belongs to the second of its intended time.
struct SeriesRow {
  unsigned t_s = 0;
  std::uint64_t events = 0;
  Histogram latency;
};

// The load generator's view of itself. Past a limit the run is invalid, never merely slow.
struct GeneratorHealth {
  double cpu_share = 0;  // of one core, the busiest worker
  double cpu_us_per_delivery = 0;
  std::optional<double> lag_ms_p99;
  double send_rate = 1;  // events sent / events planned
  std::vector<SelfCheck> checks;
  std::vector<std::string> invalid_reasons;  // of the checks that failed
  bool valid() const { return invalid_reasons.empty(); }
};

// Clients that left and came back in the measured phase.
struct Sessions {
  std::uint64_t ended = 0;
  std::uint64_t absent_pairs = 0;  // client away at the intended time: neither expected nor lost
  Histogram connect;               // with which a new session began
};

// Clients that read slowly on purpose; they are in none of the other figures but `connected`.
struct SlowReaders {
  std::uint64_t clients = 0;
  std::uint64_t delivered = 0;
  std::uint64_t disconnects = 0;
};

// How the clients came back after a disruption, in ns from its time; absent: it was not reached.
struct RecoveryResult {
  std::optional<std::int64_t> down_ns;  // from the first cut to the first that has a connection
  std::optional<std::int64_t> t50_ns, t95_ns, t100_ns;
  std::uint64_t attempts = 0;
  std::uint64_t failed_attempts = 0;
  std::uint64_t snapshots = 0;          // fetched after a `reset`
  std::uint64_t unaccepted_events = 0;  // of the measured phase: the ingest never took them
};

struct LoadResult {
  std::string strategy;
  std::uint64_t clients = 0;
  std::uint64_t connected = 0;
  std::uint64_t connect_failures = 0;
  std::uint64_t disconnects = 0;
  std::uint64_t resets = 0;
  std::uint64_t publish_errors = 0;

  std::uint64_t events = 0;
  std::uint64_t expected = 0;
  std::uint64_t delivered = 0;
  std::uint64_t lost = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t out_of_order = 0;
  std::uint64_t unentitled = 0;  // events a client had not subscribed to
  std::uint64_t malformed = 0;   // deliveries that are not what was published

  // Polls answered in the measured phase; for streams the requests that opened them, or with
  // `refresh` the snapshots answered in the measured phase.
  std::uint64_t requests = 0;
  std::uint64_t useless_requests = 0;
  std::uint64_t bytes_received = 0;  // by clients in the measured phase, headers included
  std::uint64_t bytes_sent = 0;
  std::uint64_t connections = 0;      // of TCP, made in the measured phase
  std::uint64_t refreshes = 0;        // snapshot GETs that followed an event without data
  std::uint64_t stale_refreshes = 0;  // of those, the ones whose answer did not show that event
  std::optional<WireCount> wire;      // of the clients' sockets in the measured phase
  // Share of the measured time in which a (client, name) lacked an event that was meant to be out.
  std::optional<double> stale_share;
  double measured_s = 0;
  bool interrupted = false;

  Histogram latency;
  Histogram latency_from_send;
  Histogram lag;
  Histogram connect;
  std::optional<Sessions> sessions;
  std::optional<SlowReaders> slow_readers;
  GeneratorHealth generator;
  std::optional<RecoveryResult> recovery;
  std::vector<SeriesRow> series;
  std::vector<EventRow> event_rows;
};

boost::json::object to_json(LoadResult const& result);

}  // namespace pushlab::loadgen

// What one load run does: who connects where, what is published when, for how long.
//
// Times end in _s (seconds). A plan is plain data; `problem_of` is the one judge of whether it can
// be run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pushlab::loadgen {

// mqtt is MQTT 3.1.1 over WebSocket.
enum class Strategy : std::uint8_t { sse, websocket, mqtt, long_poll, short_poll, reload };

// mqtt: a PUBLISH at QoS 1 over TCP, whose PUBACK is the answer; the topic is the event's name.
enum class IngestProtocol : std::uint8_t { http, mqtt };

// lockstep is a closed loop for benchmarks only: the next event leaves when all clients have the
// last one.
// paired and paired_irregular: one of two runs that share a schedule; see pair_side.
enum class Arrivals : std::uint8_t {
  fixed,
  poisson,
  bursts,
  irregular,
  flash,
  trace,
  lockstep,
  paired,
  paired_irregular
};

constexpr bool is_paired(Arrivals arrivals) {
  return arrivals == Arrivals::paired || arrivals == Arrivals::paired_irregular;
}

// How a poll says what it has seen: our "next" member in JSON, or ETag and Last-Modified sent back
// (nchan).
// none: a long poll that knows of none and misses what happens between two requests.
enum class CursorStyle : std::uint8_t { json, etag, none };

// One connection that stays; the others ask again and again.
constexpr bool is_stream(Strategy strategy) {
  return strategy == Strategy::sse || strategy == Strategy::websocket || strategy == Strategy::mqtt;
}

enum class Popularity : std::uint8_t { uniform, zipf };

// How an event is posted. {name} and {index} expand in url and body, in the body {notification} and
// {notification_text}, the same inside a JSON string.
struct IngestCall {
  std::string method = "POST";
  std::string url;
  std::vector<std::string> headers = {"Content-Type: application/json"};
  std::string body = "{notification}";
  IngestProtocol protocol = IngestProtocol::http;
};

struct LoadPlan {
  Strategy strategy = Strategy::sse;
  std::string client_url;  // {events}: this client's names; {client}: its index
  std::string event_form =
      "{name}";  // how {events} writes one of the names, and what stands between
  std::string event_separator = ",";
  std::vector<std::string> client_headers;  // "Name: value"
  std::string websocket_subprotocol;        // empty: none is asked for
  std::vector<std::string>
      websocket_hello;  // text messages a WebSocket client sends first; {events}, {client}
  std::string
      websocket_welcome;  // a WebSocket client stands when a message begins so; empty: at once
  std::vector<std::pair<std::string, std::string>> websocket_replies;  // a message, and its answer
  unsigned mqtt_qos = 0;  // asked for by an MQTT client, 0 or 1
  IngestCall ingest;

  unsigned clients = 1000;
  unsigned names = 1;  // t0 .. t{names-1}; event i carries the name t{i % names}, or the trace's
  unsigned subscriptions = 1;  // names per client
  Popularity popularity = Popularity::uniform;
  double zipf_exponent = 0.99;

  Arrivals arrivals = Arrivals::poisson;
  double rate = 10;               // events per second, all names together
  unsigned burst_size = 10;       // events per group when arrivals is bursts
  double irregular_cycle_s = 32;  // mean of one quiet and one busy time
  double flash_at_s = 5;          // the crowd comes, after the start of the measured phase,
  double flash_s = 5;             // and is down to 1/e so much later
  double flash_factor = 20;       // the rate at its peak / rate
  std::string trace;              // a file that is replayed when arrivals is trace
  double trace_speed = 1;
  unsigned window = 1;  // events in flight when arrivals is lockstep
  // Two runs with the same seed, rate (pairs a second) and start_at_ns, one of side 0 and one of
  // side 1: each has one event a pair, half a period from the other's; which is first is drawn.
  // Irregular: both have the same events, side 1 half a cycle later, the last ones first.
  unsigned pair_side = 0;
  // CLOCK_MONOTONIC, when the warm-up begins; 0: when all are connected and settled. Too early is a
  // LoadError.
  std::int64_t start_at_ns = 0;
  // Lockstep: exactly so many events, each of which waits for LoadObserver::lets_go, and measure_s
  // is the most they may take. 0: as many as measure_s allows.
  unsigned events = 0;
  unsigned payload_bytes = 200;
  std::uint64_t seed = 1;

  double settle_s = 0.5;  // connected and idle: the moment to sample the server's memory
  double warmup_s = 1;
  double measure_s = 15;
  double drain_s = 3;  // ends early once every expected delivery has arrived

  double poll_interval_s = 1;  // short polling and reload
  double poll_wait_s = 25;     // long polling
  double poll_gap_s = 0;       // long polling: from an answer to the next request
  bool keep_alive = true;      // false: a connection for each GET
  CursorStyle cursor = CursorStyle::json;

  // Streams only: events come without data, and a client that sees one fetches the snapshot, after
  // a pause drawn evenly from 0 to refresh_jitter_s.
  bool refresh = false;
  double refresh_jitter_s = 0;
  std::string snapshot_url;  // also fetched after a `reset`; {events} and {client} as in client_url
  double churn_session_s = 0;   // median of a client's session; 0: nobody leaves
  double churn_pause_s = 0.05;  // how long it is away
  double slow_readers = 0;      // share of the clients, streams only
  double slow_read_bytes_per_s = 1000;
  // When the server is disrupted, seconds into the measured phase; < 0: it is not. An event that
  // the ingest did not accept then is no delivery that anybody was promised.
  double disrupt_at_s = -1;

  double connect_timeout_s = 10;
  unsigned connects_in_flight = 256;
  unsigned workers = 1;  // processes that share the clients; worker 0 publishes
};

// One sentence that says what cannot be run and how to mend it; nothing when the plan is sound.
std::optional<std::string> problem_of(LoadPlan const& plan);

// The words of the command line and of scenarios: "long-poll", "poisson", "etag", ...
std::string_view name_of(Strategy strategy);
std::string_view name_of(Arrivals arrivals);
std::string_view name_of(Popularity popularity);
std::optional<Strategy> strategy_named(std::string_view word);
std::optional<Arrivals> arrivals_named(std::string_view word);
std::optional<Popularity> popularity_named(std::string_view word);
std::optional<CursorStyle> cursor_named(std::string_view word);

}  // namespace pushlab::loadgen

// What one load run does: who connects where, what is published when, for how long.
//
// Times end in _s (seconds). A plan is plain data; `problem_of` is the one judge of whether it can
// be run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pushlab::loadgen {

enum class Strategy : std::uint8_t { sse, websocket, long_poll, short_poll, reload };

// lockstep is a closed loop for benchmarks only: the next event leaves when all clients have the
// last one.
enum class Arrivals : std::uint8_t { fixed, poisson, bursts, lockstep };

// How a poll says what it has seen: our "next" member in JSON, or ETag and Last-Modified sent back
// (nchan).
enum class CursorStyle : std::uint8_t { json, etag };

// One connection that stays; the others ask again and again.
constexpr bool is_stream(Strategy strategy) {
  return strategy == Strategy::sse || strategy == Strategy::websocket;
}

enum class Popularity : std::uint8_t { uniform, zipf };

// How an event is posted. {notification}, {name} and {index} expand in url and body.
struct IngestCall {
  std::string method = "POST";
  std::string url;
  std::vector<std::string> headers = {"Content-Type: application/json"};
  std::string body = "{notification}";
};

struct LoadPlan {
  Strategy strategy = Strategy::sse;
  std::string client_url;  // {events}: this client's names, comma-joined; {client}: its index
  std::vector<std::string> client_headers;  // "Name: value"
  std::string websocket_subprotocol;        // empty: none is asked for
  std::vector<std::string>
      websocket_hello;  // text messages a WebSocket client sends first; {events}, {client}
  IngestCall ingest;

  unsigned clients = 1000;
  unsigned names = 1;          // t0 .. t{names-1}; event i carries the name t{i % names}
  unsigned subscriptions = 1;  // names per client
  Popularity popularity = Popularity::uniform;
  double zipf_exponent = 0.99;

  Arrivals arrivals = Arrivals::poisson;
  double rate = 10;          // events per second, all names together
  unsigned burst_size = 10;  // events per group when arrivals is bursts
  unsigned window = 1;       // events in flight when arrivals is lockstep
  unsigned payload_bytes = 200;
  std::uint64_t seed = 1;

  double settle_s = 0.5;  // connected and idle: the moment to sample the server's memory
  double warmup_s = 1;
  double measure_s = 15;
  double drain_s = 3;  // ends early once every expected delivery has arrived

  double poll_interval_s = 1;  // short polling and reload
  double poll_wait_s = 25;     // long polling
  CursorStyle cursor = CursorStyle::json;

  // When the server is disrupted, seconds into the measured phase; < 0: it is not. An event that
  // the ingest did not accept then is no delivery that anybody was promised.
  double disrupt_at_s = -1;
  std::string snapshot_url;  // what a client fetches after a `reset`; {events} and {client}

  double connect_timeout_s = 10;
  unsigned connects_in_flight = 256;
  unsigned workers = 1;  // processes that share the clients; worker 0 publishes
};

// One sentence that says what cannot be run and how to mend it; nothing when the plan is sound.
std::optional<std::string> problem_of(LoadPlan const& plan);

// The words of the command line and of scenarios: "long-poll", "poisson", "etag", ...
std::string_view name_of(Strategy strategy);
std::string_view name_of(Arrivals arrivals);
std::optional<Strategy> strategy_named(std::string_view word);
std::optional<Arrivals> arrivals_named(std::string_view word);
std::optional<CursorStyle> cursor_named(std::string_view word);

}  // namespace pushlab::loadgen

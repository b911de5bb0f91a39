#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace pushlab::conformance {

// All times and sizes that verdicts hang on, so that a unit test can shrink them. A block for each
// group; what several groups use is at the top.
struct Settings {
  double answer_s = 6;      // until the head of an answer, connecting included
  double capture_s = 5;     // how long a shared capture listens
  double delivery_s = 5;    // until a published event must have come
  double still_open_s = 1;  // how long a stream must stay open to count as one
  double listen_s = 90;     // how long a quiet stream is listened to for what comes by itself
  bool slow = false;        // cases that take minutes may run

  struct Response {              // SSE-RESP
    double head_pass_s = 0.5;    // 10
    double head_warn_s = 3;      // 10
    double bodiless_end_s = 2;   // 18, 19: a HEAD or OPTIONS must have ended by then
    int heads = 10;              // 18: how many HEAD requests
    int overload_streams = 300;  // 30: streams opened at most to find the limit
  } response;

  struct Framing {                      // SSE-FRAME
    double blank_line_pass_s = 0.02;    // 04
    double blank_line_warn_s = 0.2;     // 04
    std::size_t emoji_bytes = 1 << 20;  // 18
    double load_s = 10;                 // 20, 21, 30; a minute with slow
    double load_events_per_s = 1000;    // 20, 21, 30: at most
    std::array<std::size_t, 3> big_bytes{64 << 10, 1 << 20, 16 << 20};  // 25
  } framing;

  struct Reconnect {            // RECON
    double drain_load_s = 0.5;  // 14, SSE-FRAME-26: events are published so long before SIGTERM
    double drain_events_per_s = 1000;
    double drain_s = 10;  // 14: until streams and process must have ended
  } reconnect;

  struct WebSocket {           // WS
    double refusal_s = 5;      // until what is wrong must have been refused
    double drain_s = 10;       // 15: until the close frames of a server that stops
    double deaf_s = 60;        // 17: after which a peer that acknowledges nothing must be gone
    double deaf_most_s = 300;  // 17: with --slow, a warning until then
    std::size_t oversize_bytes = 32 << 20;  // 12: sent of one message, if it is taken
    std::size_t flood_frames = 1'000'000;   // 13: empty ones
    std::size_t flood_pieces = 65536;       // 13: of 64 bytes
    double flood_s = 20;                    // 13: until all of it must have been read
    std::int64_t growth_bytes = 64 << 20;   // 12, 13: resident memory a breach may cost
    int writers = 4;                        // 14: publishers at once
    int writes = 10;                        // 14: of each
    std::size_t write_bytes = 70'000;       // 14: of the longest
    int stalled = 20;                       // 16: readers
    int stalled_events = 256;               // 16
    std::size_t stalled_bytes = 65536;      // 16: of each event
    double stalled_slack_s = 0.05;          // 16: by which the other readers may be later
  } websocket;

  struct Polling {         // POLL
    double prime_s = 0.5;  // after which a first poll counts as held
    double idle_s = 60;    // 02: until an idle poll must have been answered
    double wait_s = 2;     // 04: asked for
    double slack_s = 1;    // 04: by which the answer may be early or late
    double cap_s = 60;     // 04: until a poll that may wait for ever must have been answered
    double freed_s = 1;    // 04: until an aborted poll must have been forgotten
    int herd = 1000;       // 06: polls at once
    int late_events = 64;  // 07
    std::size_t late_bytes = 40'000;  // 07: of each
  } polling;

  struct Compression {        // COMP
    double late_s = 0.2;      // 03: by which a coded event may be later than a plain one
    double pause_s = 1;       // 03: between events, for one that waits for the next
    double heartbeat_s = 20;  // 04: in which a heartbeat comes
    int connections = 200;    // 10: of each kind
    int bomb_mib = 1024;      // 19: inflated
    std::int64_t bomb_growth_bytes = 64 << 20;  // 19: resident memory that it may cost
  } compression;

  struct Limit {                  // LIMIT
    int streams = 100;            // 07: on one connection
    std::uint32_t window = 1024;  // 07: of each stream
    double patience_s = 5;        // 01 to 06, 08: until the browser must have done it
    double blocked_s = 2;         // a request that waits so long is blocked
  } limit;
};

}  // namespace pushlab::conformance

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

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

  struct Heartbeat {                     // HB
    double silence_pass_s = 20;          // 01
    double silence_fail_s = 55;          // 01
    double beat_s = 35;                  // 04 to 06: as long as a heartbeat is waited for
    std::vector<std::string> path = {};  // 02: intermediaries, by their ids
    double path_second_s = 1;            // 02: how long a second of an intermediary takes
    int crowd = 200;                     // 06: streams
    double crowd_opening_s = 5;          // 06: opened in this time
    double poll_pass_s = 26;             // 08: 25 and the way
    double poll_warn_s = 55;             // 08
    double poll_listen_s = 60;           // 08
    double dead_pass_s = 60;             // 10: a client that vanished must have been dropped
    double dead_warn_s = 300;            // 10, with slow
    double probe_s = 3;                  // 10: until the kernel's probe must have been answered
  } heartbeat;

  struct Reconnect {                            // RECON
    double signal_s = 2;                        // until a stream must have said what it says first
    int cuts = 50;                              // 02; half as many for 03
    double cut_events_per_s = 200;              // 02
    double full_events_per_s = 5000;            // 03: at most
    int flood_events = 300;                     // 05: more than a history holds
    std::size_t flood_bytes = 20 << 20;         // 05: in all
    int retry_connections = 100;                // 11
    std::size_t mass = 500;                     // 12: streams
    double mass_pass_s = 5;                     // 12
    double drain_load_s = 0.5;                  // 14: events are published so long before SIGTERM
    double drain_events_per_s = 1000;           // 14
    double drain_s = 10;                        // 14: until streams and process must have ended
    int watchers = 50;                          // 18: streams beside the stalled one
    int delayed_events = 60;                    // 18
    double delay_noise_s = 0.05;                // 18: more than a busy machine adds
    int stalled = 10;                           // 19, 20: readers
    std::size_t stall_event_bytes = 256 << 10;  // 18 to 20
    std::size_t stall_bytes = 48 << 20;         // 19, 20: published in all
    int comings = 1000;                         // 21
    double freed_s = 10;                        // 21
    int filtered_events = 200;                  // 25
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
    std::size_t late_bytes = 24'000;  // 07: of each
  } polling;

  struct Compression {        // COMP
    double late_s = 0.2;      // 03: by which a coded event may be later than a plain one
    double pause_s = 1;       // 03: between events, for one that waits for the next
    double heartbeat_s = 20;  // 04: in which a heartbeat comes
    int connections = 200;    // 10: of each kind
    int bomb_mib = 1024;      // 19: inflated
    std::int64_t bomb_growth_bytes = 64 << 20;  // 19: resident memory that it may cost
  } compression;

  struct Proxy {             // PROXY
    double settle_s = 1;     // until the streams of a probe are open
    int events = 6;          // 02 to 05: of each size
    double event_gap_s = 1;  // between two of a size
    double pause_s = 5;      // behind the last one
    std::size_t small = 50;  // bytes of an event's text
    std::size_t large = 3072;
    double head_warn_s = 1;      // 01
    double delay_pass_s = 0.02;  // 02, 04: median added to an event
    double delay_warn_s = 0.25;  // 02, 04
    double told_idle_s = 1;      // 07: the origin knows that the client is gone
    double told_busy_s = 2;      // 08
    double untold_s = 10;        // 07, 08: or never, with an event each event_gap_s
    double stall_s = 8;          // 10: how long the origin writes for a stalled client
    std::size_t stall_pass = 16 * 1024 * 1024;  // 10
    std::size_t stall_most = 64 * 1024 * 1024;  // 10: offered
    double idle_s = 930;                        // 09: silence offered
    double silent_s = 35;                       // 15: a request without any answer
    int streams = 50;                           // 16: on one connection
    int capacity = 1000;                        // 18: streams tried
  } proxy;

  struct Limit {                  // LIMIT
    int streams = 100;            // 07: on one connection
    std::uint32_t window = 1024;  // 07: of each stream
    double patience_s = 5;        // 01 to 06, 08: until the browser must have done it
    double blocked_s = 2;         // a request that waits so long is blocked
  } limit;
};

}  // namespace pushlab::conformance

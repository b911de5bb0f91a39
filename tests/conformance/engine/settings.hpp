#pragma once

#include <array>
#include <cstddef>

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

  struct Heartbeat {           // HB
    double dead_pass_s = 60;   // 10: a client that vanished must have been dropped
    double dead_warn_s = 300;  // 10, with slow
    double probe_s = 3;        // 10: until the kernel's probe must have been answered
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
};

}  // namespace pushlab::conformance

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

  struct Reconnect {            // RECON
    double drain_load_s = 0.5;  // 14, SSE-FRAME-26: events are published so long before SIGTERM
    double drain_events_per_s = 1000;
    double drain_s = 10;  // 14: until streams and process must have ended
  } reconnect;
};

}  // namespace pushlab::conformance

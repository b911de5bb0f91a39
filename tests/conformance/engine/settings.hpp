#pragma once

namespace pushlab::conformance {

// All times and sizes that verdicts hang on, so that a unit test can shrink them. A block for each
// group; what several groups use is at the top.
struct Settings {
  double answer_s = 6;      // until the head of an answer, connecting included
  double capture_s = 5;     // how long a shared capture listens
  double delivery_s = 5;    // until a published event must have come
  double still_open_s = 1;  // how long a stream must stay open to count as one
  bool slow = false;        // cases that take minutes may run

  struct Response {              // SSE-RESP
    double head_pass_s = 0.5;    // 10
    double head_warn_s = 3;      // 10
    double bodiless_end_s = 2;   // 18, 19: a HEAD or OPTIONS must have ended by then
    int heads = 10;              // 18: how many HEAD requests
    int overload_streams = 300;  // 30: streams opened at most to find the limit
  } response;

  struct Proxy {                // PROXY
    double settle_s = 1;        // until the streams of a probe are open
    int events = 6;             // 02 to 05: of each size
    double event_gap_s = 1;     // between two of a size
    double pause_s = 5;         // behind the last one
    std::size_t small = 50;     // bytes of an event's text
    std::size_t large = 3072;
    double head_warn_s = 1;       // 01
    double delay_pass_s = 0.02;   // 02, 04: median added to an event
    double delay_warn_s = 0.25;   // 02, 04
    double told_idle_s = 1;       // 07: the origin knows that the client is gone
    double told_busy_s = 2;       // 08
    double untold_s = 10;         // 07, 08: or never, with an event each event_gap_s
    double stall_s = 8;           // 10: how long the origin writes for a stalled client
    std::size_t stall_pass = 16 * 1024 * 1024;   // 10
    std::size_t stall_most = 64 * 1024 * 1024;   // 10: offered
    double idle_s = 930;          // 09: silence offered
    double silent_s = 35;         // 15: a request without any answer
    int streams = 50;             // 16: on one connection
    int capacity = 1000;          // 18: streams tried
  } proxy;
};

}  // namespace pushlab::conformance

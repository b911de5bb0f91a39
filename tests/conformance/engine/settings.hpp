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
};

}  // namespace pushlab::conformance

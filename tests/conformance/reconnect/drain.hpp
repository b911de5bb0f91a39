#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/conformance/engine/endpoint.hpp"
#include "tests/conformance/wire/body_reader.hpp"
#include "tests/conformance/wire/sse_reader.hpp"

namespace pushlab::conformance {

// What happened when the process got SIGTERM while events were being published.
struct Drain {
  struct Stream {
    std::string text;
    SseStream sse;
    Body::End end = Body::End::open;
    double after_s = 0;  // its end, from SIGTERM on
  };

  std::vector<Stream> streams;
  std::vector<std::string> accepted_before;  // markers whose post was answered before SIGTERM
  std::vector<std::string> accepted_after;   // and after it
  std::vector<std::string> answers;  // to those who came during the drain: their status lines
  bool ended = false;                // the process, in time
  std::string how;                   // "exit status 0"
};

// One a run; only for cases that run alone. The process is stopped afterwards.
std::shared_ptr<Drain const> drained_under_load(Endpoint& endpoint);

}  // namespace pushlab::conformance

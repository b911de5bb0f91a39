#pragma once

#include <vector>

#include "tests/conformance/engine/endpoint.hpp"

namespace pushlab::conformance {

// When something came on a quiet connection that was listened to for settings().listen_s.
struct Silence {
  std::vector<Instant> arrivals;  // behind the greeting
  double longest_s = 0;           // between two arrivals, or the last one and the end
  double listened_s = 0;
  bool ended = false;  // by the endpoint, before the time was over
};

// For SSE and WebSockets; listened to once a run. Throws Skip when there is no such connection.
Silence quiet_silence(Endpoint& endpoint);

}  // namespace pushlab::conformance

#pragma once

#include <string>
#include <vector>

#include "tests/conformance/engine/endpoint.hpp"

namespace pushlab::conformance {

// How a stream is cut again and again.
struct Tear {
  int cuts = 50;
  std::size_t most_bytes = 1000;  // read between two cuts, chosen at random
  double events_per_s = 200;
};

// What two clients got of the same events: one whose stream was left alone, and one that was cut
// in the middle of whatever came and resumed behind the last event it had whole.
struct Torn {
  std::size_t events = 0;  // of the one left alone
  std::vector<std::string> missing;
  std::vector<std::string> twice;
  bool in_order = true;
  std::string signal;  // how a resume said that events were lost, if one did
};

// With a publisher events are published meanwhile; without one the endpoint's own are waited for.
// Throws Skip when there are no events, or none with ids.
Torn tear(Endpoint& endpoint, Tear const& how);

}  // namespace pushlab::conformance

#pragma once
// Polling, played event by event: what a faultless recorder would have written down.

#include <boost/json.hpp>
#include <cstdint>

namespace pushlab::sample {

struct Polling {
  double poll_s = 1;
  double event_s = 1;  // mean time between two events
  bool poisson = true;
  double way_s = 0.004;   // mean; to the server and back to the client
  double lag_s = 0.0001;  // mean lateness of the load generator
  std::uint32_t clients = 50;
  std::uint32_t events = 50;
  std::uint32_t repetitions = 5;
  std::uint64_t seed = 1;
};

enum class Recorder {
  faultless,
  from_send,     // counts from the actual send and calls it the plan
  from_request,  // counts from the poll that fetched the event
};

// A result of one target "short-poll", not summarised.
boost::json::object polled(Polling const& polling, Recorder recorder = Recorder::faultless);

}  // namespace pushlab::sample

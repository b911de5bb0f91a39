#pragma once
#include <cstdint>
#include <string>

namespace pushlab::bench {

// The floor under the load generator: sockets, epoll and recv(), counting bytes, in lockstep with a
// publisher of its own. What it costs per event is what the kernel costs.
struct BareReading {
  double cpu_us_per_event = 0;
  std::uint64_t events = 0;  // received, all clients together
};

// `client_base` and `ingest_base` as in a ready line, of a server that speaks SSE. Throws
// std::runtime_error when a client cannot connect or an event does not arrive within 5 s.
BareReading read_barely(std::string const& client_base, std::string const& ingest_base,
                        unsigned clients, unsigned payload_bytes, double measure_s);

}  // namespace pushlab::bench

// What a TCP socket has really put on the wire and taken from it, as the kernel counts it
// (TCP_INFO): payload, with what was sent again, and segments with and without payload.
#pragma once

#include <cstdint>

namespace pushlab::loadgen {

struct WireCount {
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t segments_received = 0;
  std::uint64_t segments_sent = 0;
  bool known = true;  // false as soon as one socket could not be asked

  WireCount& operator+=(WireCount const& other);
  WireCount& operator-=(WireCount const& other);
};

// Of the socket's whole life so far. Ask before it is closed; what closing sends is not in it.
WireCount wire_count_of(int fd);

}  // namespace pushlab::loadgen

// When the bytes of one direction of one connection may go on: the network as a TCP user sees it.
//
// TCP gives a stream in order, so delay and loss are waits: a chunk goes on after the delay, at the
// rate of the line, and never before the chunk in front of it. No packet is dropped. A segment that
// "is lost" makes its chunk, and with it all that comes behind, wait one retransmission timeout
// more (200 ms, the least of Linux, and a round trip); that a retransmission is lost, too, is left
// out, as are fast retransmissions and the window that shrinks.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pushlab::loadgen {

struct RelayPlan {
  double delay_ms = 0;          // one way
  double jitter_ms = 0;         // uniform, +- this, a chunk
  double loss = 0;              // probability that a segment is lost
  double rate_bytes_per_s = 0;  // of each direction of each connection; 0 = no limit
  std::uint64_t seed = 1;
};

class RelayLine {
 public:
  static constexpr std::size_t segment_bytes = 1448;

  // `number` tells this direction's random numbers from another's. Nothing goes on before
  // `ready_ns`: a connection that is relayed is made by the kernel at once, and here it costs what
  // it would have cost.
  RelayLine(RelayPlan const& plan, std::uint64_t number, std::int64_t ready_ns);

  // For a chunk that came now; each call is one chunk. An end of the stream is a chunk of no bytes:
  // delayed, never lost.
  std::int64_t due_of(std::int64_t now_ns, std::size_t bytes);

 private:
  double random();

  RelayPlan const* plan_;
  std::uint64_t number_;
  std::uint64_t draws_ = 0;
  std::int64_t free_ns_ = 0;  // when the line has taken the last chunk
  std::int64_t last_due_ns_;
};

}  // namespace pushlab::loadgen

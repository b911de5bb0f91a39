#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "servers/event/encoder.hpp"

namespace pushlab::server {

// Numbers and encodes each notification once and hands the event to every loop: one hop a loop,
// whatever the number of its subscribers. publish() belongs to the ingest's thread, last_seq() to
// any.
class Broker {
 public:
  using Hop = std::function<void(EventPtr)>;  // brings the event to one loop's hub, in order

  // `refresh`: events go out without their `data`, which clients fetch with the snapshot.
  Broker(std::uint32_t epoch, Encoder const& encoder, bool refresh = false)
      : epoch_(epoch), encoder_(encoder), refresh_(refresh) {}

  void add_loop(Hop hop) { hops_.push_back(std::move(hop)); }

  // The event's sequence number.
  std::uint64_t publish(Notification notification);

  std::uint64_t last_seq() const { return last_seq_.load(std::memory_order_acquire); }
  std::uint32_t epoch() const { return epoch_; }

 private:
  std::uint32_t epoch_;
  Encoder const& encoder_;
  bool refresh_;
  std::vector<Hop> hops_;
  std::atomic<std::uint64_t> last_seq_{0};
};

}  // namespace pushlab::server

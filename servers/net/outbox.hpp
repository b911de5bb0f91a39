#pragma once
#include <sys/uio.h>

#include <cstddef>
#include <deque>
#include <memory>
#include <span>

#include "servers/event/bytes.hpp"
#include "servers/net/conflating_queue.hpp"

namespace pushlab::server {

// What a full socket still has to take: shared frames, bounded in bytes. Exists only while there is
// something to write. No I/O.
class Outbox {
 public:
  explicit Outbox(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {}

  // False, and nothing queued, when the frame does not fit any more, or when others that did not
  // are being conflated: the order stays.
  bool push(Bytes bytes);

  // Room beyond the limit for what the server itself chose to send: a replay, a farewell.
  void push_unbounded(Bytes bytes);

  // Keeps what push() refused in as much room again, of each resource the newest event; false when
  // even that is too much. What is to follow the frames here is taken and pushed then.
  bool conflate(EventPtr const& event);
  std::unique_ptr<ConflatingQueue> take_conflated() { return std::move(conflating_); }
  void push_conflated(Bytes bytes) { append(std::move(bytes)); }
  std::uint64_t dropped() const { return conflating_ ? conflating_->dropped() : 0; }

  // The first pending pieces, for one gathered write.
  std::span<iovec> gather(std::span<iovec> into) const;

  // That many bytes were written.
  void consume(std::size_t written);

  bool empty() const { return frames_.empty(); }
  std::size_t bytes() const { return bytes_; }

 private:
  void append(Bytes bytes);

  std::size_t limit_bytes_;
  std::size_t unbounded_bytes_ = 0;  // of what came in without regard to the limit
  std::deque<Bytes> frames_;
  std::size_t bytes_ = 0;
  std::unique_ptr<ConflatingQueue> conflating_;
};

}  // namespace pushlab::server

#pragma once
#include <sys/uio.h>

#include <cstddef>
#include <deque>
#include <span>

#include "servers/event/bytes.hpp"

namespace pushlab::server {

// What a full socket still has to take: shared frames, bounded in bytes. Exists only while there is
// something to write. No I/O.
class Outbox {
 public:
  explicit Outbox(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {}

  // False, and nothing queued, when the frame does not fit any more.
  bool push(Bytes bytes);

  // Room beyond the limit for what the server itself chose to send: a replay, a farewell.
  void push_unbounded(Bytes bytes);

  // The first pending pieces, for one gathered write.
  std::span<iovec> gather(std::span<iovec> into) const;

  // That many bytes were written.
  void consume(std::size_t written);

  bool empty() const { return frames_.empty(); }
  std::size_t bytes() const { return bytes_; }

 private:
  std::size_t limit_bytes_;
  std::deque<Bytes> frames_;
  std::size_t bytes_ = 0;
};

}  // namespace pushlab::server

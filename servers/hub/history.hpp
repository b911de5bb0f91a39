#pragma once
#include <cstdint>
#include <deque>
#include <optional>

#include "servers/event/event.hpp"

namespace pushlab::server {

struct HistoryLimits {
  std::size_t events = 10'000;
  std::size_t bytes = 16U << 20;
};

// The newest events, oldest first, bounded by count and bytes. Belongs to one loop's thread.
class History {
 public:
  explicit History(HistoryLimits limits) : limits_(limits) {}

  // REQUIRES: seq is last_seq() + 1.
  void append(EventPtr event);

  std::uint64_t last_seq() const { return last_seq_; }

  // Every event after `seq`, or nothing when some of them were evicted or `seq` is not known yet.
  struct Range {
    std::deque<EventPtr>::const_iterator first, last;
    auto begin() const { return first; }
    auto end() const { return last; }
  };
  std::optional<Range> after(std::uint64_t seq) const;

  std::size_t size() const { return events_.size(); }
  std::size_t bytes() const { return bytes_; }

 private:
  HistoryLimits limits_;
  std::deque<EventPtr> events_;
  std::size_t bytes_ = 0;
  std::uint64_t last_seq_ = 0;
};

}  // namespace pushlab::server

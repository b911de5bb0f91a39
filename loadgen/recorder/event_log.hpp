// When each event was meant to leave, left and was answered; shared by all worker processes.
//
// Lives in an anonymous shared mapping: the publishing worker writes, the others read. Pages are
// touched only as far as events are used.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "loadgen/recorder/shared_memory.hpp"

namespace pushlab::loadgen {

struct EventTimes {  // CLOCK_MONOTONIC ns, 0 = not yet
  std::atomic<std::int64_t> intended;
  std::atomic<std::int64_t> sent;      // just before the first byte was handed to the kernel
  std::atomic<std::int64_t> answered;  // the ingest had accepted it
};

class EventLog {
 public:
  explicit EventLog(std::size_t capacity)
      : memory_(capacity * sizeof(EventTimes)), size_(capacity) {}

  std::size_t size() const { return size_; }
  EventTimes& operator[](std::size_t index) { return events()[index]; }
  EventTimes const& operator[](std::size_t index) const { return events()[index]; }

  // Whether the server had accepted `earlier` before `later` was sent: only then does their order
  // bind it.
  bool ordered(std::size_t earlier, std::size_t later) const {
    auto const answered = events()[earlier].answered.load(std::memory_order_relaxed);
    return answered != 0 && answered < events()[later].sent.load(std::memory_order_relaxed);
  }

 private:
  EventTimes* events() const { return static_cast<EventTimes*>(memory_.data()); }

  SharedMemory memory_;
  std::size_t size_;
};

}  // namespace pushlab::loadgen

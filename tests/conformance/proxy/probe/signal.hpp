#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "tests/conformance/wire/deadline.hpp"

namespace pushlab::conformance {

// What a talk of the origin has to say to the probe, once: the first word counts, since proxies
// repeat requests.
template <class T>
class Signal {
 public:
  void set(T value) {
    std::lock_guard const lock(mutex_);
    if (!value_) value_ = std::move(value);
    set_.notify_all();
  }
  // Empty when nothing was said in time.
  std::optional<T> wait(double seconds) {
    auto const deadline = Deadline::in(seconds);
    std::unique_lock lock(mutex_);
    while (!value_ && !deadline.over())
      set_.wait_for(lock, std::chrono::milliseconds(deadline.left_ms()));
    return value_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable set_;
  std::optional<T> value_;
};

}  // namespace pushlab::conformance

#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

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
  std::optional<T> wait(double seconds) {
    std::unique_lock lock(mutex_);
    set_.wait_for(lock, std::chrono::duration<double>(seconds), [this] { return !!value_; });
    return value_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable set_;
  std::optional<T> value_;
};

}  // namespace pushlab::conformance

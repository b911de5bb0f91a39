#pragma once
#include <array>
#include <atomic>
#include <cstdint>

namespace pushlab::server {

// A Prometheus histogram of delays: written by one thread, read by any.
class DelayHistogram {
 public:
  static constexpr std::array<double, 10> bounds_s{0.001, 0.01, 0.1, 0.5, 1, 2, 5, 15, 30, 60};

  void observe(std::uint64_t delay_ns) {
    std::size_t bucket = 0;
    while (bucket < bounds_s.size() && static_cast<double>(delay_ns) > bounds_s[bucket] * 1e9)
      ++bucket;
    add(counts_[bucket], 1);
    add(sum_ns_, delay_ns);
  }

  // Of that bucket alone; the one behind the last bound has no upper end.
  std::uint64_t count(std::size_t bucket) const {
    return counts_[bucket].load(std::memory_order_relaxed);
  }
  std::uint64_t sum_ns() const { return sum_ns_.load(std::memory_order_relaxed); }

 private:
  static void add(std::atomic<std::uint64_t>& to, std::uint64_t n) {
    to.store(to.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }

  std::array<std::atomic<std::uint64_t>, bounds_s.size() + 1> counts_{};
  std::atomic<std::uint64_t> sum_ns_{0};
};

}  // namespace pushlab::server

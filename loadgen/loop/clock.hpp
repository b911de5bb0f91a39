// The one clock of the load generator: CLOCK_MONOTONIC in nanoseconds, about 20 ns a call.
#pragma once

#include <cstdint>
#include <ctime>

namespace pushlab::loadgen {

constexpr std::int64_t ns_per_s = 1'000'000'000;

inline std::int64_t ns_of(timespec const& time) {
  return static_cast<std::int64_t>(time.tv_sec) * ns_per_s + time.tv_nsec;
}

inline std::int64_t now_ns() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return ns_of(time);
}

// CPU time, user and system, of the calling thread.
inline std::int64_t thread_cpu_ns() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return ns_of(time);
}

constexpr std::int64_t ns_from_s(double seconds) {
  return static_cast<std::int64_t>(seconds * 1e9);
}

}  // namespace pushlab::loadgen

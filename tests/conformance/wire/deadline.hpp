#pragma once

#include <chrono>
#include <stdexcept>

namespace pushlab::conformance {

using Clock = std::chrono::steady_clock;
using Instant = Clock::time_point;

inline double seconds_between(Instant from, Instant to) {
  return std::chrono::duration<double>(to - from).count();
}

// The case has used up the time the runner gave it, or everything is to stop; the runner turns this
// into its verdict.
struct Overdue : std::runtime_error {
  Overdue() : std::runtime_error("the case did not come to an end in time") {}
};

// A point in time until which something may be waited for. Every wait of the checker takes one, so
// no case hangs. Whatever deadline a case gives, its waits also end, by Overdue, when the limit of
// its thread is reached.
class Deadline {
 public:
  static Deadline in(double seconds);
  static Deadline at(Instant when) { return Deadline(when); }

  Instant when() const { return when_; }
  bool over() const { return left_ms() == 0; }
  // For poll(): rounded up, and never long, so that a stop is noticed; ask again. Throws Overdue.
  int left_ms() const;

  // From now on all waits of all threads end by Overdue once `stop` is true.
  static void stop_when(bool (*stop)());
  static bool stopped();

  // Sets the limit of all waits of this thread as long as it lives.
  class Limit {
   public:
    explicit Limit(Instant end);
    ~Limit();
    Limit(Limit const&) = delete;
    Limit& operator=(Limit const&) = delete;

   private:
    Instant before_;
  };

 private:
  explicit Deadline(Instant when) : when_(when) {}
  Instant when_;
};

}  // namespace pushlab::conformance

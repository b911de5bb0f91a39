#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "servers/hub/subscriptions.hpp"

namespace pushlab::server {

// One deadline a slot, in ticks, kept in a wheel. Moving a deadline further away costs nothing,
// which is what a long poll does with every answer: the slot is looked at when it comes up, and put
// back. No clock of its own.
class Deadlines {
 public:
  using Tick = std::uint32_t;
  static constexpr Tick none = 0;

  void set(Slot slot, Tick due);  // `due` after the last tick() call
  void clear(Slot slot);

  // Moves to that tick and calls `expired` for each slot that was due; it may set a new deadline.
  void tick(Tick now, std::function<void(Slot)> const& expired);

  Tick now() const { return now_; }

 private:
  static constexpr std::size_t wheel_size = 512;
  struct Entry {
    Tick due = none;
    Tick wheel_at = none;  // where it stands in the wheel, not after `due`; other places are stale
  };

  void insert(Slot slot, Tick due);

  std::vector<Entry> entries_;  // by slot
  std::vector<std::vector<Slot>> wheel_ = std::vector<std::vector<Slot>>(wheel_size);
  Tick now_ = 0;
};

}  // namespace pushlab::server

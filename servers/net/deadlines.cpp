#include "servers/net/deadlines.hpp"

#include <algorithm>

namespace pushlab::server {

void Deadlines::set(Slot slot, Tick due) {
  if (entries_.size() <= slot) entries_.resize(slot + 1);
  auto& entry = entries_[slot];
  entry.due = due;
  if (entry.wheel_at == none || due < entry.wheel_at) insert(slot, due);
}

void Deadlines::clear(Slot slot) {
  if (slot < entries_.size()) entries_[slot].due = none;
}

void Deadlines::insert(Slot slot, Tick due) {
  auto const ahead = std::clamp<Tick>(due - now_, 1, wheel_size - 1);
  entries_[slot].wheel_at = now_ + ahead;
  wheel_[(now_ + ahead) % wheel_size].push_back(slot);
}

void Deadlines::tick(Tick now, std::function<void(Slot)> const& expired) {
  while (now_ < now) {
    ++now_;
    std::vector<Slot> due;
    due.swap(wheel_[now_ % wheel_size]);
    for (auto const slot : due) {
      auto& entry = entries_[slot];
      if (entry.wheel_at != now_) continue;
      entry.wheel_at = none;
      if (entry.due == none) continue;
      if (entry.due > now_) {
        insert(slot, entry.due);
        continue;
      }
      entry.due = none;
      expired(slot);
    }
  }
}

}  // namespace pushlab::server

#include "servers/hub/history.hpp"

#include <cassert>

namespace pushlab::server {

void History::append(EventPtr event) {
  assert(event->seq == last_seq_ + 1);
  last_seq_ = event->seq;
  bytes_ += event->bytes();
  events_.push_back(std::move(event));
  while (!events_.empty() && (events_.size() > limits_.events || bytes_ > limits_.bytes)) {
    bytes_ -= events_.front()->bytes();
    events_.pop_front();
  }
}

std::optional<History::Range> History::after(std::uint64_t seq) const {
  if (seq > last_seq_) return std::nullopt;
  auto const missed = last_seq_ - seq;
  if (missed > events_.size()) return std::nullopt;
  return Range{events_.end() - static_cast<std::ptrdiff_t>(missed), events_.end()};
}

}  // namespace pushlab::server

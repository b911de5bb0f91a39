#include "tests/conformance/wire/deadline.hpp"

#include <algorithm>
#include <atomic>

namespace pushlab::conformance {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_wait{200};

thread_local Instant limit = Instant::max();
std::atomic<bool (*)()> stop_asked = nullptr;

}  // namespace

Deadline::Limit::Limit(Instant end) : before_(limit) {
  limit = std::min(before_, end);
}

Deadline::Limit::~Limit() {
  limit = before_;
}

Deadline Deadline::in(double seconds) {
  return Deadline(Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                     std::chrono::duration<double>(seconds)));
}

int Deadline::left_ms() const {
  auto const now = Clock::now();
  if (now >= limit || stopped()) throw Overdue();
  auto const left = std::chrono::ceil<milliseconds>(std::min(when_, limit) - now);
  return static_cast<int>(std::clamp(left, milliseconds(0), longest_wait).count());
}

void Deadline::stop_when(bool (*stop)()) {
  stop_asked = stop;
}

bool Deadline::stopped() {
  auto* const stop = stop_asked.load();
  return stop && stop();
}

}  // namespace pushlab::conformance

#include "tests/conformance/wire/deadline.hpp"

#include <algorithm>

namespace pushlab::conformance {
namespace {

using std::chrono::milliseconds;

thread_local Instant limit = Instant::max();

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
  if (now >= limit) throw Overdue();
  auto const left = std::chrono::ceil<milliseconds>(std::min(when_, limit) - now);
  return static_cast<int>(std::clamp(left, milliseconds(0), milliseconds(3600'000)).count());
}

}  // namespace pushlab::conformance

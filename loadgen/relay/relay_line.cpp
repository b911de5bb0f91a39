#include "loadgen/relay/relay_line.hpp"

#include <algorithm>
#include <cmath>

#include "loadgen/schedule/random.hpp"

namespace pushlab::loadgen {

namespace {

constexpr double ns_per_ms = 1e6;
constexpr double least_timeout_ms = 200;

std::int64_t ns(double ms) {
  return static_cast<std::int64_t>(ms * ns_per_ms);
}

}  // namespace

RelayLine::RelayLine(RelayPlan const& plan, std::uint64_t number, std::int64_t ready_ns)
    : plan_(&plan), number_(number), last_due_ns_(ready_ns) {}

double RelayLine::random() {
  return random_unit(mix(plan_->seed ^ number_), Stream::relay, draws_++);
}

std::int64_t RelayLine::due_of(std::int64_t now_ns, std::size_t bytes) {
  auto sent_ns = now_ns;
  if (plan_->rate_bytes_per_s > 0) {
    sent_ns = std::max(now_ns, free_ns_) +
              static_cast<std::int64_t>(1e9 * static_cast<double>(bytes) / plan_->rate_bytes_per_s);
    free_ns_ = sent_ns;
  }
  auto wait_ms = plan_->delay_ms;
  if (plan_->jitter_ms > 0) wait_ms += plan_->jitter_ms * (2 * random() - 1);
  if (plan_->loss > 0 && bytes > 0) {
    auto const segments = static_cast<double>((bytes + segment_bytes - 1) / segment_bytes);
    auto const lost = 1 - std::pow(1 - plan_->loss, segments);
    if (random() < lost) wait_ms += least_timeout_ms + 2 * plan_->delay_ms;
  }
  last_due_ns_ = std::max(last_due_ns_, sent_ns + ns(std::max(wait_ms, 0.0)));
  return last_due_ns_;
}

}  // namespace pushlab::loadgen

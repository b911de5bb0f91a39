#include "loadgen/recorder/recorder.hpp"

#include <algorithm>

#include "loadgen/loop/clock.hpp"

namespace pushlab::loadgen {

Recorder::Recorder(EventLog const& log, DeliveryCheck& check, bool keep_samples)
    : log_(log), check_(check), recovery_(log, check), keep_samples_(keep_samples) {}

void Recorder::set_measured(std::int64_t begin_ns, std::int64_t end_ns) {
  begin_ns_ = begin_ns;
  end_ns_ = stale_end_ns_ = end_ns;
  seconds_.resize(static_cast<std::size_t>((end_ns - begin_ns + ns_per_s - 1) / ns_per_s));
}

void Recorder::end_measured(std::int64_t end_ns) {
  stale_end_ns_ = std::min(stale_end_ns_, end_ns);
}

// Where the stale time of an event begins that was not counted with the events before it.
std::int64_t Recorder::stale_from(std::int64_t intended, std::int64_t stale_until) const {
  return std::max({intended, stale_until, begin_ns_});
}

// While a client lacks an event, whatever newer ones it gets or lacks adds no stale time: all of
// theirs lies within that of the oldest it lacks. So the union needs one number a pair.
double Recorder::stale_ns() const {
  auto sum = stale_ns_;
  check_.for_each_lacking([&](std::uint32_t event, std::int64_t stale_until) {
    if (event >= log_.size()) return;
    auto const intended = log_[event].intended.load(std::memory_order_relaxed);
    if (intended == 0) return;
    sum += static_cast<double>(
        std::max<std::int64_t>(0, stale_end_ns_ - stale_from(intended, stale_until)));
  });
  return sum;
}

void Recorder::delivered(std::uint64_t client, std::uint32_t event, std::int64_t now_ns) {
  if (!is_sent(event)) return;
  if (check_.is_absent(client, event)) return check_.pass_over(client, event);
  auto const outcome = check_.deliver(client, event);
  switch (outcome.verdict) {
    case DeliveryCheck::Verdict::unentitled:
      ++counts_.unentitled;
      return;
    case DeliveryCheck::Verdict::duplicate:
      ++counts_.duplicates;
      return;
    case DeliveryCheck::Verdict::first_time:
      break;
  }
  if (outcome.overtaken_by && log_.ordered(event, *outcome.overtaken_by)) ++counts_.out_of_order;
  ++counts_.delivered;
  if (outcome.stale_until != nullptr) {
    auto const intended = log_[event].intended.load(std::memory_order_relaxed);
    auto const until = std::min(now_ns, stale_end_ns_);
    auto const from = stale_from(intended, *outcome.stale_until);
    if (until > from) stale_ns_ += static_cast<double>(until - from);
    *outcome.stale_until = now_ns;
  }
  record(event, outcome.count, now_ns);
  recovery_.delivered(client, now_ns);
  if (complete_ && outcome.count == check_.expected(event)) complete_(event);
}

void Recorder::record(std::uint32_t event, std::uint32_t count, std::int64_t now_ns) {
  auto const intended = log_[event].intended.load(std::memory_order_relaxed);
  if (intended < begin_ns_ || intended >= end_ns_) return;
  auto const latency = now_ns - intended;
  ++counts_.measured;
  latency_.record(latency);
  latency_from_send_.record(now_ns - log_[event].sent.load(std::memory_order_relaxed));
  seconds_[static_cast<std::size_t>((intended - begin_ns_) / ns_per_s)].record(latency);

  while (traces_.size() <= event) traces_.emplace_back();
  auto& trace = traces_[event];
  trace.delivered = count;
  // Samples of one event come in the order of time, so the n-th delivery is the n-th smallest
  // latency.
  auto const expected = check_.expected(event);
  if (count == 1) trace.first_ns = latency;
  if (count == rank_of(50, expected)) trace.p50_ns = latency;
  if (count == rank_of(90, expected)) trace.p90_ns = latency;
  if (count == expected) trace.last_ns = latency;
  if (keep_samples_) trace.samples.push_back(latency);
}

bool Recorder::shown(std::uint64_t client, std::uint32_t event, std::int64_t now_ns) {
  if (event >= log_.size()) return false;
  auto const name = check_.name_of(event);
  auto const newest = check_.newest(client, name);
  // A live event may have come first: what was missed before it is in the state all the same, and a
  // state has no order.
  auto const out_of_order = counts_.out_of_order;
  auto const stride = check_.name_stride();
  for (auto next = check_.lacking_since(client, name); next <= event; next += stride) {
    if (check_.name_of(next) != name || check_.has(client, next)) continue;
    // What the ingest did not accept in a disruption is not in any state that is shown later.
    auto const accepted = log_[next].answered.load(std::memory_order_relaxed) != 0;
    if (accepted || next == event || !recovery_.expected()) delivered(client, next, now_ns);
  }
  counts_.out_of_order = out_of_order;
  return !newest || *newest < event;
}

}  // namespace pushlab::loadgen

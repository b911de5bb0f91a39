#include "loadgen/recorder/recovery.hpp"

#include <algorithm>
#include <cmath>

namespace pushlab::loadgen {

Recovery::Recovery(EventLog const& log, DeliveryCheck const& check)
    : log_(log), check_(check), first_client_(check.first_client()), clients_(check.clients()) {}

void Recovery::expect(std::int64_t at_ns, bool polls) {
  at_ns_ = at_ns;
  for (auto& one : clients_) {
    one.state = polls ? State::unsure : State::there;
    one.recovered_ns = at_ns;
  }
}

void Recovery::tries(std::uint64_t client) {
  if (at_ns_ != 0 && clients_[client - first_client_].state == State::away) ++tally_.attempts;
}

void Recovery::cut(std::uint64_t client, std::int64_t now_ns) {
  if (at_ns_ == 0 || now_ns < at_ns_) return;
  auto& one = clients_[client - first_client_];
  if (one.state == State::away) {
    ++tally_.failed_attempts;
    return;
  }
  if (one.state == State::behind) --catching_up_;
  one.state = State::away;
  one.was_cut = true;
  if (tally_.down_ns < 0) tally_.down_ns = now_ns - at_ns_;
}

void Recovery::stands(std::uint64_t client, std::int64_t asked_ns, std::int64_t now_ns) {
  if (at_ns_ == 0 || asked_ns < at_ns_) return;
  auto& one = clients_[client - first_client_];
  if (one.state != State::away && one.state != State::unsure) return;
  if (one.was_cut && tally_.up_ns < 0) tally_.up_ns = now_ns - at_ns_;
  if (newest_accepted(client, now_ns, one.goal) && !has_goal(client, one.goal)) {
    one.state = State::behind;
    ++catching_up_;
    return;
  }
  one.state = State::there;
  one.recovered_ns = now_ns;
}

void Recovery::check_up(std::uint64_t client, std::int64_t now_ns) {
  auto& one = clients_[client - first_client_];
  if (one.state != State::behind || !has_goal(client, one.goal)) return;
  --catching_up_;
  one.state = State::there;
  one.recovered_ns = now_ns;
}

void Recovery::fetched_snapshot(std::uint64_t client, std::int64_t now_ns) {
  ++tally_.snapshots;
  delivered(client, now_ns);
}

bool Recovery::has_goal(std::uint64_t client, std::uint32_t goal) const {
  auto const newest = check_.newest(client, check_.name_of(goal));
  return newest && *newest >= goal;
}

// The newest event for the client that was accepted since the disruption; false when there is none.
bool Recovery::newest_accepted(std::uint64_t client, std::int64_t now_ns, std::uint32_t& newest) {
  auto const intended = [&](std::size_t event) {
    return log_[event].intended.load(std::memory_order_relaxed);
  };
  while (seen_ < log_.size() && intended(seen_) != 0 && intended(seen_) <= now_ns) ++seen_;
  auto const mine = check_.subscriptions().of(client);
  for (auto event = seen_; event > 0 && intended(event - 1) >= at_ns_; --event) {
    auto const name = check_.name_of(static_cast<std::uint32_t>(event - 1));
    if (std::ranges::find(mine, name) == mine.end()) continue;
    auto const answered = log_[event - 1].answered.load(std::memory_order_relaxed);
    if (answered <= at_ns_ || answered > now_ns) continue;
    newest = static_cast<std::uint32_t>(event - 1);
    return true;
  }
  return false;
}

RecoveryTally Recovery::tally() const {
  auto out = tally_;
  if (at_ns_ == 0) return out;
  for (auto const& one : clients_) {
    out.after_ns.push_back(one.state == State::there ? one.recovered_ns - at_ns_ : -1);
  }
  return out;
}

void recovery_order(std::vector<std::int64_t>& after_ns) {
  std::ranges::sort(after_ns, {}, [](std::int64_t ns) { return ns < 0 ? INT64_MAX : ns; });
}

std::int64_t recovered_by(std::vector<std::int64_t> const& after_ns, double share) {
  if (after_ns.empty()) return -1;
  auto const rank = std::ceil(share * static_cast<double>(after_ns.size()));
  return after_ns[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

}  // namespace pushlab::loadgen

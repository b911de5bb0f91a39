#include "loadgen/schedule/audience.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "loadgen/schedule/random.hpp"

namespace pushlab::loadgen {

Audience::Audience(LoadPlan const& plan, ArrivalPlan const& arrivals,
                   Subscriptions const& subscriptions)
    : arrivals_(arrivals), subscriptions_(subscriptions), readers_(plan.names) {
  if (plan.slow_readers > 0) choose_slow_readers(plan);
  for (std::uint64_t client = 0; client < plan.clients; ++client) {
    if (is_slow(client)) continue;
    for (auto const name : subscriptions.of(client)) ++readers_[name];
  }
  if (plan.churn_session_s <= 0) return;
  absences_.resize(plan.clients);
  for (std::uint64_t client = 0; client < plan.clients; ++client) {
    if (!is_slow(client)) absences_[client] = absences_of(plan, client, arrivals.measure_end_ns);
  }
  absent_ = absent_by_event(0, plan.clients);
}

// Exactly the share, at least one; a hash chooses them.
void Audience::choose_slow_readers(LoadPlan const& plan) {
  auto const wanted = std::llround(plan.slow_readers * plan.clients);
  slow_readers_ = static_cast<std::uint64_t>(std::max(1LL, wanted));
  std::vector<std::uint64_t> clients(plan.clients);
  std::iota(clients.begin(), clients.end(), std::uint64_t{0});
  std::ranges::sort(clients, {}, [&](std::uint64_t client) {
    return std::pair(random_bits(plan.seed, Stream::slow_readers, client), client);
  });
  slow_.resize(plan.clients);
  for (std::uint64_t i = 0; i < slow_readers_; ++i) slow_[clients[i]] = true;
}

bool Audience::is_absent(std::uint64_t client, std::uint32_t event) const {
  auto const intended = arrivals_.intended_ns[event];
  auto const& mine = absences_[client];
  auto const next = std::ranges::upper_bound(mine, intended, {}, &Absence::begin_ns);
  return next != mine.begin() && intended < std::prev(next)->end_ns;
}

std::vector<std::uint32_t> Audience::absent_by_event(std::uint64_t first,
                                                     std::uint64_t count) const {
  std::vector<std::uint32_t> out;
  if (!has_churn()) return out;
  auto const& intended = arrivals_.intended_ns;
  out.resize(intended.size());
  for (auto client = first; client < first + count; ++client) {
    auto const names = subscriptions_.of(client);
    for (auto const& absence : absences_[client]) {
      auto event = std::ranges::lower_bound(intended, absence.begin_ns) - intended.begin();
      for (; event < std::ssize(intended); ++event) {
        auto const index = static_cast<std::size_t>(event);
        if (intended[index] >= absence.end_ns) break;
        auto const name = arrivals_.name_of(static_cast<std::uint32_t>(event));
        if (std::ranges::find(names, name) != names.end()) ++out[index];
      }
    }
  }
  return out;
}

}  // namespace pushlab::loadgen

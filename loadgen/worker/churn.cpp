#include "loadgen/worker/churn.hpp"

namespace pushlab::loadgen {

Churn::Churn(EventLoop& loop, Audience const& audience,
             std::span<std::unique_ptr<Client> const> clients, std::uint64_t first,
             std::int64_t start_ns)
    : loop_(loop),
      audience_(audience),
      clients_(clients),
      first_(first),
      start_ns_(start_ns),
      next_(clients.size()) {
  for (std::uint32_t client = 0; client < clients.size(); ++client) wait_for_next(client);
}

void Churn::wait_for_next(std::uint32_t client) {
  auto const absences = audience_.absences(first_ + client);
  if (next_[client] == absences.size()) return;
  loop_.at(start_ns_ + absences[next_[client]].begin_ns, *this, client);
}

void Churn::on_timer(std::int64_t, std::uint32_t client) {
  auto const absence = audience_.absences(first_ + client)[next_[client]++];
  clients_[client]->leave(start_ns_ + absence.end_ns);
  wait_for_next(client);
}

}  // namespace pushlab::loadgen

// Sends the clients of one worker away and lets them come back, as the schedule says.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "loadgen/client/client.hpp"
#include "loadgen/schedule/audience.hpp"

namespace pushlab::loadgen {

class Churn final : private Waiter {
 public:
  // `clients` are those from number `first` on.
  Churn(EventLoop& loop, Audience const& audience, std::span<std::unique_ptr<Client> const> clients,
        std::uint64_t first, std::int64_t start_ns);

 private:
  void on_ready(std::uint32_t) override {}
  void on_timer(std::int64_t now_ns, std::uint32_t client) override;
  void wait_for_next(std::uint32_t client);

  EventLoop& loop_;
  Audience const& audience_;
  std::span<std::unique_ptr<Client> const> clients_;
  std::uint64_t first_;
  std::int64_t start_ns_;
  std::vector<std::uint32_t> next_;  // absence, by client
};

}  // namespace pushlab::loadgen

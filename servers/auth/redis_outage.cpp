#include "servers/auth/redis_outage.hpp"

#include <fmt/format.h>

namespace pushlab::server {

void RedisOutage::goes_on(std::string const& address, std::string const& why) {
  std::lock_guard const lock{mutex_};
  if (why == why_) return;
  why_ = why;
  fmt::print(stderr, "auth: no answer from Redis at {} ({}): clients are refused with 503\n",
             address, why);
}

void RedisOutage::is_over(std::string const& address) {
  std::lock_guard const lock{mutex_};
  if (why_.empty()) return;
  why_.clear();
  fmt::print(stderr, "auth: Redis at {} answers again\n", address);
}

}  // namespace pushlab::server

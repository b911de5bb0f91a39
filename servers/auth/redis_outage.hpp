#pragma once
#include <mutex>
#include <string>

namespace pushlab::server {

// Tells the operator on stderr, once for all loops, that Redis does not answer, why, and that it is
// back. Any thread.
class RedisOutage {
 public:
  void goes_on(std::string const& address, std::string const& why);
  void is_over(std::string const& address);

 private:
  std::mutex mutex_;
  std::string why_;  // as it was told; empty: no outage
};

}  // namespace pushlab::server

#pragma once

#include <sched.h>
#include <sys/types.h>

#include <cstdint>
#include <map>
#include <vector>

namespace pushlab::driver {

// Keeps all threads of these processes and of their children on one of the cores that the first one
// may use, the seed says which, until it is destroyed. A thread that cannot be moved stays where it
// is.
class OneCore {
 public:
  OneCore(std::vector<pid_t> const& processes, std::uint64_t seed);
  ~OneCore();
  OneCore(OneCore const&) = delete;
  OneCore& operator=(OneCore const&) = delete;

 private:
  std::map<pid_t, cpu_set_t> before_;  // by thread
};

}  // namespace pushlab::driver

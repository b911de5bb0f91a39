#pragma once

#include <cstdint>
#include <string>

namespace pushlab::conformance {

// A hold on the endpoint's server process, started for this run. Only cases that run alone may
// change its state; they run on the runner's own thread, since a child can be started only while
// there are no others.
class ProcessHold {
 public:
  virtual ~ProcessHold() = default;

  virtual bool running() = 0;
  virtual void terminate() = 0;  // SIGTERM, and no waiting
  virtual void kill() = 0;       // SIGKILL
  // Whether it ended in time, and how: "exit status 0", "killed by signal 9".
  virtual bool ended_within(double seconds, std::string& how) = 0;
  // Starts it again, after its end, on the same addresses; returns when it is ready. Throws
  // std::runtime_error when it does not come up. The runner does this behind a case that left it
  // stopped.
  virtual void restart() = 0;

  virtual std::int64_t rss_bytes() = 0;  // of the whole process tree
  virtual int sockets() = 0;             // open ones of the whole process tree
};

}  // namespace pushlab::conformance

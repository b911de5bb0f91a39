#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pushlab::driver {

struct ExitStatus {
  int code = 0;    // meaningful when signal is 0
  int signal = 0;  // what killed it
  bool ok() const { return code == 0 && signal == 0; }
  std::string text() const;  // "exit status 2", "killed by signal 9"
};

struct SpawnPlan {
  std::vector<std::string> command;   // command[0] is a path, or a name looked up on PATH
  std::filesystem::path directory;    // empty: the caller's
  std::filesystem::path stdout_file;  // appended to; empty: the caller's
  std::filesystem::path stderr_file;
  std::vector<int> cores;  // empty: all
};

// A child program in its own process group, under a guard: a small forked process that kills the
// whole group, and whatever the child left behind, when the child ends, when it is told so, or when
// the driver is gone, even by SIGKILL. If the guard itself dies, the kernel kills the child.
// One thread only; start children before any other thread exists.
class Process {
 public:
  explicit Process(SpawnPlan const& plan);  // throws std::system_error when the program won't start
  ~Process();                               // kills at once
  Process(Process const&) = delete;
  Process& operator=(Process const&) = delete;

  pid_t pid() const { return pid_; }
  // Empty at the deadline, or early when the driver was interrupted.
  std::optional<ExitStatus> wait(std::chrono::milliseconds deadline);
  // SIGTERM, then SIGKILL once the patience is over.
  ExitStatus stop(std::chrono::milliseconds patience);

 private:
  void signal_group(int signal);
  std::optional<ExitStatus> read_status(std::chrono::milliseconds deadline, bool until_interrupt);

  pid_t pid_ = -1;
  pid_t guard_pid_ = -1;
  int guard_socket_ = -1;
  std::optional<ExitStatus> status_;
};

}  // namespace pushlab::driver

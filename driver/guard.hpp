#pragma once

#include <sys/types.h>

#include "driver/process.hpp"

namespace pushlab::driver {

// What the guard tells the driver over their socket: first `started`, at the end `ended`.
struct GuardMessage {
  enum class Kind : int { started, failed, ended };
  Kind kind;
  pid_t pid;  // of the child
  int value;  // failed: errno; ended: the wait status
};

// The life of the guard process, entered right after fork(); never returns. The driver sends signal
// numbers, one byte each, for the child's process group; the closed socket means: kill all.
[[noreturn]] void guard_child(SpawnPlan const& plan, int socket);

}  // namespace pushlab::driver

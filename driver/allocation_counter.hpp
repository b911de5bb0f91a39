#pragma once
// What libpushlab_count.so, loaded into a server by LD_PRELOAD, and pushlab share: a file that both
// have mapped. The server and its children add to it, pushlab reads it while they run.

#include <atomic>
#include <cstdint>

namespace pushlab::driver {

struct AllocationPage {
  std::atomic<std::uint64_t> calls;  // of malloc, calloc, realloc and the aligned ones
};

constexpr char const* allocation_file_variable = "PUSHLAB_ALLOCATION_FILE";

}  // namespace pushlab::driver

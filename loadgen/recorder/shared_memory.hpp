// Zeroed memory that stays shared with the processes forked later.
#pragma once

#include <sys/mman.h>

#include <cerrno>
#include <cstddef>
#include <system_error>

namespace pushlab::loadgen {

class SharedMemory {
 public:
  explicit SharedMemory(std::size_t bytes) : bytes_(bytes > 0 ? bytes : 1) {
    auto* const at = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) throw std::system_error(errno, std::system_category(), "mmap");
    data_ = at;
  }
  ~SharedMemory() { ::munmap(data_, bytes_); }
  SharedMemory(SharedMemory const&) = delete;
  SharedMemory& operator=(SharedMemory const&) = delete;

  void* data() const { return data_; }

 private:
  std::size_t bytes_;
  void* data_ = nullptr;
};

}  // namespace pushlab::loadgen

// libpushlab_count.so: counts calls of the C library's allocator, and leaves the work to it.
#include "driver/allocation_counter.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>

// The C library's own names for what is replaced here.
extern "C" {
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* old, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);
}

namespace {

using pushlab::driver::AllocationPage;

AllocationPage before_the_file;  // of the loader's and other libraries' first calls
std::atomic<AllocationPage*> page{&before_the_file};

void count() {
  page.load(std::memory_order_relaxed)->calls.fetch_add(1, std::memory_order_relaxed);
}

__attribute__((constructor)) void map_the_file() {
  auto const* name = std::getenv(pushlab::driver::allocation_file_variable);
  if (name == nullptr) return;
  int const file = ::open(name, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  auto* mapped =
      ::mmap(nullptr, sizeof(AllocationPage), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  if (mapped == MAP_FAILED) return;
  auto* shared = static_cast<AllocationPage*>(mapped);
  shared->calls.fetch_add(before_the_file.calls.load());
  page.store(shared);
}

}  // namespace

extern "C" {

void* malloc(std::size_t bytes) {
  count();
  return __libc_malloc(bytes);
}

void* calloc(std::size_t number, std::size_t bytes) {
  count();
  return __libc_calloc(number, bytes);
}

void* realloc(void* old, std::size_t bytes) {
  count();
  return __libc_realloc(old, bytes);
}

void* memalign(std::size_t alignment, std::size_t bytes) {
  count();
  return __libc_memalign(alignment, bytes);
}

void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  count();
  return __libc_memalign(alignment, bytes);
}

int posix_memalign(void** out, std::size_t alignment, std::size_t bytes) {
  count();
  if (alignment % sizeof(void*) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0)
    return EINVAL;
  auto* const memory = __libc_memalign(alignment, bytes);
  if (memory == nullptr) return ENOMEM;
  *out = memory;
  return 0;
}
}

// A library for LD_PRELOAD that makes a server do more than it needs for each send(): what
// PUSHLAB_WASTE names.
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <string_view>

namespace {

// Not inlined away: the compiler may drop an allocation that nobody looks at.
void* volatile kept;

void waste(int socket) {
  auto const* named = std::getenv("PUSHLAB_WASTE");
  std::string_view const what = named == nullptr ? "" : named;
  if (what == "allocation") {
    kept = std::malloc(32);
    std::free(kept);
  }
  if (what == "call") static_cast<void>(::fsync(socket));  // is none for a socket, and says so
}

}  // namespace

extern "C" ssize_t send(int socket, void const* bytes, std::size_t size, int flags) {
  waste(socket);
  auto const* named = std::getenv("PUSHLAB_WASTE");
  std::size_t done = 0;
  if (named != nullptr && std::string_view(named) == "write" && size > 1) {
    auto const first = ::sendto(socket, bytes, 1, flags, nullptr, 0);
    if (first < 0) return first;
    done = static_cast<std::size_t>(first);
  }
  auto const rest =
      ::sendto(socket, static_cast<char const*>(bytes) + done, size - done, flags, nullptr, 0);
  return rest < 0 ? rest : rest + static_cast<ssize_t>(done);
}

#include "tests/conformance/wire/vanish.hpp"

#include <linux/filter.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

namespace pushlab::conformance {

Vanished::Vanished(int descriptor) : descriptor_(descriptor) {
  sock_filter drop_all{BPF_RET | BPF_K, 0, 0, 0};
  sock_fprog const program{1, &drop_all};
  if (::setsockopt(descriptor_, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0)
    throw std::system_error(errno, std::generic_category(), "a socket cannot be made to vanish");
}

Vanished::~Vanished() {
  int const unused = 0;
  ::setsockopt(descriptor_, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof unused);
}

}  // namespace pushlab::conformance

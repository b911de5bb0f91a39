#pragma once

#include <optional>
#include <string>

#include "tests/conformance/wire/deadline.hpp"

namespace pushlab::conformance {

// The other end of a connection to a server on this machine, as the kernel's table shows it. It can
// be watched when our end is closed already.
class FarEnd {
 public:
  explicit FarEnd(int descriptor);

  // Empty when it is not in the table: on another machine, in another network namespace, or gone.
  std::optional<int> state() const;  // as in <netinet/tcp.h>, TCP_ESTABLISHED
  // Whether the server let go of it, or came to the end of TCP by itself, in time.
  bool released(Deadline const& deadline) const;

 private:
  std::string addresses_;  // as they stand in a line of the table
};

}  // namespace pushlab::conformance

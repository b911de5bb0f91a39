#pragma once

#include <stdexcept>
#include <string>

namespace pushlab::driver {

// Something the user gave is unusable: the message is one sentence with the place and the mend.
// main() prints it and exits with 2.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace pushlab::driver

#pragma once

namespace pushlab::conformance {

// As long as it lives the other end of the socket is alone: whatever arrives is dropped before the
// kernel has acknowledged it, as if the network were gone. Linux; needs no privilege.
class Vanished {
 public:
  explicit Vanished(int descriptor);  // throws std::system_error
  ~Vanished();
  Vanished(Vanished const&) = delete;
  Vanished& operator=(Vanished const&) = delete;

 private:
  int descriptor_;
};

}  // namespace pushlab::conformance

#pragma once

#include <stdexcept>
#include <string>

namespace pushlab::conformance {

// The other side did not do what the next step needs. A case that judges just this catches it; in
// any other case the runner makes it a failure with what() as what was seen.
struct WireError : std::runtime_error {
  enum class Kind {
    connect,  // no connection
    tls,      // no handshake
    ended,    // closed in order, too early
    reset,    // torn down
    silent,   // nothing came in time
    syntax    // not the protocol
  };
  WireError(Kind why, std::string const& what) : std::runtime_error(what), kind(why) {}
  Kind kind;
};

}  // namespace pushlab::conformance

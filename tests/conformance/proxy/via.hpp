#pragma once

#include <memory>
#include <optional>
#include <string>

#include "tests/conformance/engine/process_hold.hpp"
#include "tests/conformance/proxy/origin.hpp"
#include "tests/conformance/wire/url.hpp"

namespace pushlab::conformance {

// A proxy that stands between the checker and the endpoint, started for this run, and the same
// proxy again before a server of the checker's own.
struct Via {
  std::string name;                      // "nginx:tuned"
  std::string direct;                    // the endpoint's URL past the proxy, {events} in it
  std::shared_ptr<ProcessHold> process;  // of the proxy before the endpoint; may be null
  std::shared_ptr<ProcessHold> before_origin;
  std::shared_ptr<Origin> origin;
  Url front;                    // of the proxy before the origin
  std::optional<Url> h2_front;  // the same for HTTP/2 without TLS
};

// A URL of the origin through the proxy, or of `front` whatever it is.
inline Url at(Url front, std::string target) {
  front.target = std::move(target);
  return front;
}

}  // namespace pushlab::conformance

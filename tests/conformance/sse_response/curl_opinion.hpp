#pragma once

#include "tests/conformance/engine/endpoint.hpp"

namespace pushlab::conformance {

// Lets libcurl make the request and compares what it makes of the bytes with what our readers make
// of the same bytes: a second opinion on the answer, and on us.
Finding curl_agrees(Endpoint& endpoint);

}  // namespace pushlab::conformance

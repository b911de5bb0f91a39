#pragma once

#include "tests/conformance/engine/endpoint.hpp"
#include "tests/conformance/engine/finding.hpp"

namespace pushlab::conformance {

// Whether the endpoint drops a client whose network is gone: nothing of what it is sent is
// acknowledged, and nothing says so. For SSE; looked at once a run.
Finding half_open_is_freed(Endpoint& endpoint);

}  // namespace pushlab::conformance

#pragma once

#include <vector>

#include "tests/conformance/engine/case.hpp"

namespace pushlab::conformance {

// WS: what a WebSocket that pushes must do (catalogue, group H). No echo is needed: what was
// accepted shows in pongs, what was refused in close codes.
std::vector<Case> websocket_cases();

}  // namespace pushlab::conformance

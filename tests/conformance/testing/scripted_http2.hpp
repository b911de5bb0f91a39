#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tests/conformance/testing/scripted_hub.hpp"
#include "tests/conformance/testing/scripted_server.hpp"

namespace pushlab::conformance::testing {

// How a scripted HTTP/2 server differs from a faultless one that answers each request with a
// stream.
struct Http2Script {
  std::optional<std::uint32_t> max_streams = {};  // in its SETTINGS
  int answers = 1 << 20;                          // so many at once; what is above waits for ever
  std::string greeting = "data: hello\n\n";
  bool full_window_stalls = false;  // nothing is sent while the window of any stream is full
  bool cancel_ends_all = false;     // each stream of the connection
  ScriptedHub* hub = nullptr;       // what is posted goes to all streams
};

// With prior knowledge, or behind a TlsFront.
ScriptedServer::Talk http2(Http2Script script = {});

}  // namespace pushlab::conformance::testing

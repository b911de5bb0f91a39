#pragma once

#include <string>

#include "tests/conformance/engine/endpoint.hpp"
#include "tests/conformance/wire/event_stream.hpp"

namespace pushlab::conformance {

// How the answer says that events behind the cursor are lost: "event: reset", a header that names
// another cursor than `asked`, a member of the data. Empty: it does not.
std::string gap_signal(Head const& head, SseStream const& sse, std::string const& asked);
inline std::string gap_signal(EventStream const& stream, std::string const& asked) {
  return gap_signal(stream.head(), stream.sse(), asked);
}

// The endpoint's request with this cursor, as a browser sends it.
Request resuming(Endpoint& endpoint, std::string const& cursor);
// A stream behind this cursor; throws Skip when it is none with status 200.
EventStream resume(Endpoint& endpoint, Url const& url, std::string const& cursor);

}  // namespace pushlab::conformance

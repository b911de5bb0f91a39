#pragma once

#include "tests/conformance/engine/capture.hpp"

namespace pushlab::conformance {

// A stream on a channel of its own that delivers: what was published there has come.
struct LiveChannel {
  Endpoint::Channel channel;
  EventStream stream;
};

// Throws Skip when nothing that is published comes within settings().delivery_s: there is nothing
// to judge then.
LiveChannel live_channel(Endpoint& endpoint);
// Publishes a marked event until one comes on this stream; returns it as it came.
SseBlock until_live(Endpoint& endpoint, Endpoint::Channel const& channel, EventStream& stream);

}  // namespace pushlab::conformance

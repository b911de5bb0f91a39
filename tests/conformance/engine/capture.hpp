#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/conformance/engine/endpoint.hpp"
#include "tests/conformance/wire/event_stream.hpp"

namespace pushlab::conformance {

// A redirect that was followed.
struct Hop {
  Url from;
  Head head;
};

// The answer to a request after at most `most` redirects, followed as EventSource follows them.
// A redirect that leads nowhere is itself the answer.
struct Followed {
  std::vector<Hop> hops;
  Url url;
  std::unique_ptr<EventStream> stream;
};
Followed follow(Url url, Request const& request, Deadline const& deadline, int most = 5);

// What one EventSource-like request got.
struct SseCapture {
  std::vector<Hop> hops;
  Url url;  // after the redirects
  Head head;
  Body body;
  std::string text;  // decoded content
  SseStream sse;
  double head_after_s = 0;
  Instant until;                     // listened until then
  std::vector<std::string> markers;  // published meanwhile, in this order, and accepted
};

// One capture a run of a quiet stream, settings().capture_s long, for all rules about heads and
// idle framing. The status may be anything: SSE-RESP-01 judges it; the others want
// stream_capture().
std::shared_ptr<SseCapture const> any_capture(Endpoint& endpoint);
// The same; throws Skip when the answer is no stream with status 200.
std::shared_ptr<SseCapture const> stream_capture(Endpoint& endpoint);
// One that listens for settings().listen_s seconds, for the rules about heartbeats and long lives.
std::shared_ptr<SseCapture const> long_capture(Endpoint& endpoint);
// One capture a run in which marked events were published, for the rules about events. Without a
// publisher: the quiet one, with whatever the endpoint sends by itself.
std::shared_ptr<SseCapture const> busy_capture(Endpoint& endpoint);

// A stream of one's own: throws Skip when it is none with status 200.
EventStream open_stream(Endpoint& endpoint, Url const& url, Request const& request);
EventStream open_stream(Endpoint& endpoint, Url const& url);

}  // namespace pushlab::conformance

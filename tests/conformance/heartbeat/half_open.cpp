#include "tests/conformance/heartbeat/half_open.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <thread>

#include "tests/conformance/engine/capture.hpp"
#include "tests/conformance/wire/vanish.hpp"

namespace pushlab::conformance {
namespace {

// Whether the endpoint still knows the connection of a client that is back. A probe of the kernel
// asks, which is no byte of the stream: who was dropped gets a reset for an answer.
bool is_still_known(Endpoint& endpoint, EventStream& stream) {
  auto const descriptor = stream.exchange().connection().descriptor();
  int const on = 1, one_s = 1;
  ::setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, &one_s, sizeof one_s);
  stream.listen(endpoint.settings().heartbeat.probe_s);
  return stream.body().end == Body::End::open;
}

// Gone for so long; whether it was dropped meanwhile.
bool dropped_after(Endpoint& endpoint, EventStream stream, double seconds) {
  {
    Vanished const gone(stream.exchange().connection().descriptor());
    auto const deadline = Deadline::in(seconds);
    while (!deadline.over())
      std::this_thread::sleep_for(std::chrono::milliseconds(std::min(100, deadline.left_ms())));
  }
  return !is_still_known(endpoint, stream);
}

Finding find(Endpoint& endpoint) {
  auto const& settings = endpoint.settings().heartbeat;
  auto const expected = fmt::format("the connection dropped within {:.0f} s", settings.dead_pass_s);
  if (dropped_after(endpoint, open_stream(endpoint, endpoint.url()), settings.dead_pass_s))
    return pass(fmt::format("dropped within {:.0f} s", settings.dead_pass_s));
  auto const seen = fmt::format("still known after {:.0f} s", settings.dead_pass_s);
  if (!endpoint.settings().slow) return warn(expected, seen + "; --slow waits on");
  if (dropped_after(endpoint, open_stream(endpoint, endpoint.url()), settings.dead_warn_s))
    return warn(expected, seen);
  return fail(expected, fmt::format("still known after {:.0f} s", settings.dead_warn_s));
}

}  // namespace

Finding half_open_is_freed(Endpoint& endpoint) {
  return *endpoint.once<Finding>("half-open", [&endpoint] { return find(endpoint); });
}

}  // namespace pushlab::conformance

#include "tests/conformance/heartbeat/half_open.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "tests/conformance/engine/capture.hpp"
#include "tests/conformance/heartbeat/sections.hpp"
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
    stream.listen(seconds);
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

std::vector<Case> half_open_cases() {
  return {
      not_testable({"HB-09", "a client takes the silence of a few periods for a cut", "practice",
                    Level::process, Severity::major},
                   "a rule for clients, not for endpoints; EventSource itself never notices"),
      {{"HB-10", "a client that vanished is dropped within a few heartbeats", "tcp(7)", Level::url,
        Severity::major},
       half_open_is_freed,
       {.limit_s = 400}},
  };
}

}  // namespace pushlab::conformance

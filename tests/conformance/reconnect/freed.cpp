#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "tests/conformance/engine/live_channel.hpp"
#include "tests/conformance/heartbeat/half_open.hpp"
#include "tests/conformance/reconnect/sections.hpp"

namespace pushlab::conformance {
namespace {

// A client that goes away in one of the states a connection has.
void come_and_go(Endpoint& endpoint, int number) {
  auto const deadline = endpoint.answer_deadline();
  auto const url = endpoint.url();
  auto const request = endpoint.request().bytes(url);
  try {
    Connection connection(url, deadline);
    if (number % 5 == 1) connection.send(request.substr(0, request.size() / 2), deadline);
    if (number % 5 > 1) connection.send(request, deadline);
    if (number % 5 > 2) connection.receive(deadline);             // the head
    if (number % 5 > 3) connection.receive(Deadline::in(0.001));  // a part of the first event
    if (number % 2 == 0) connection.reset();                      // else it ends in order
  } catch (WireError const&) {
    // Refused or cut: that connection leaves nothing, either.
  }
}

// The process's sockets when they have stopped getting fewer, or are not more than `enough`.
int settled_sockets(Endpoint& endpoint, int enough) {
  auto const deadline = Deadline::in(endpoint.settings().reconnect.freed_s);
  auto sockets = endpoint.process().sockets();
  for (int same = 0; sockets > enough && same < 10 && !deadline.over();) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    auto const now = endpoint.process().sockets();
    same = now < sockets ? 0 : same + 1;
    sockets = now;
  }
  return sockets;
}

Finding who_leaves_leaves_nothing(Endpoint& endpoint) {
  auto& process = endpoint.process();
  auto const comings = endpoint.settings().reconnect.comings;
  // What is set up once, pools and the like, is set up by the first ones.
  for (int i = 0; i < comings / 5; ++i) come_and_go(endpoint, i);
  auto const base = settled_sockets(endpoint, 0);
  auto const rss = process.rss_bytes();
  for (int i = 0; i < comings; ++i) come_and_go(endpoint, i);
  auto const sockets = settled_sockets(endpoint, base);
  auto const grown_kib = std::max<std::int64_t>(0, process.rss_bytes() - rss) / 1024;
  auto const seen = fmt::format("{} sockets before, {} after {} clients; {} KiB more memory", base,
                                sockets, comings, grown_kib);
  if (sockets > base + comings / 100) return fail("no socket of a client that is gone", seen);
  if (grown_kib > 8 * comings) return warn("no memory of clients that are gone", seen);
  return pass(seen);
}

}  // namespace

std::vector<Case> freed_cases() {
  return {
      {{"RECON-17", "a client that vanished is freed", "tcp(7)", Level::url, Severity::major},
       half_open_is_freed,
       {.limit_s = 400}},
      {{"RECON-21", "a client that leaves frees everything", "promise of any server",
        Level::process, Severity::major},
       who_leaves_leaves_nothing,
       {.limit_s = 90, .alone = true}},
  };
}

}  // namespace pushlab::conformance

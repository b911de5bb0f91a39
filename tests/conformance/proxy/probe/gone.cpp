#include "tests/conformance/proxy/probe/gone.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>

#include "tests/conformance/proxy/probe/signal.hpp"
#include "tests/conformance/wire/exchange.hpp"
#include "tests/conformance/wire/socket.hpp"

namespace pushlab::conformance {
namespace {

Request stream_request() {
  return Request().with("Accept", "text/event-stream");
}

// What the origin sees of a client that leaves.
struct Watch {
  Signal<bool> came;
  std::atomic<bool> left = false;  // it is about to
  struct Told {
    Instant at;
    bool by_write;
  };
  Signal<Told> told;
};

// Whether the client went while the origin wrote an event each turn, as long as `more` says so.
template <class More>
bool write_until_gone(Peer& peer, Reply& reply, double gap_s, More const& more) {
  do {
    reply.send("data: another\n\n");
    if (!peer.wait(gap_s)) return true;
  } while (more());
  return false;
}

Origin::Talk watching(Origin& origin, std::shared_ptr<Watch> watch, bool busy,
                      Settings::Proxy limits) {
  return [=, head = origin.head()](Peer& peer, Asked const& asked) {
    Reply reply(peer, asked, head);
    reply.send("data: first\n\n");
    watch->came.set(true);
    auto const stay = Deadline::in(20);
    auto const staying = [&] { return !watch->left && !stay.over(); };
    bool gone = busy && write_until_gone(peer, reply, limits.event_gap_s, staying);
    while (!gone && staying()) gone = !peer.wait(0.01);
    if (!gone && !busy) gone = !peer.wait(limits.told_idle_s);
    bool const by_write = busy || !gone;
    auto const end = Deadline::in(limits.untold_s);
    if (gone || write_until_gone(peer, reply, limits.event_gap_s, [&] { return !end.over(); }))
      watch->told.set({Clock::now(), by_write});
  };
}

// Reads what has come, so that a close is a FIN and not a RST for unread bytes.
void drain(Connection& connection, double seconds) {
  auto const deadline = Deadline::in(seconds);
  while (connection.receive(deadline).kind == Arrival::Kind::bytes) {
  }
}

Gone leave(Origin& origin, Url const& front, Ending how, Settings const& settings, bool busy) {
  auto const& limits = settings.proxy;
  auto const watch = std::make_shared<Watch>();
  auto const url = at(front, origin.serve(watching(origin, watch, busy, limits)));
  Gone gone;
  Instant left;
  {
    auto const deadline = Deadline::in(settings.answer_s);
    Connection connection(url, deadline);
    connection.send(stream_request().bytes(url), deadline);
    gone.reached = watch->came.wait(settings.answer_s).has_value();
    if (!gone.reached) return gone;
    drain(connection, busy ? 1.3 * limits.event_gap_s : 0.3 * limits.settle_s);
    left = Clock::now();
    watch->left = true;
    if (how == Ending::rst) connection.reset();
  }
  auto const most_s = limits.told_idle_s + limits.untold_s + 2 * limits.event_gap_s;
  if (auto const told = watch->told.wait(most_s)) {
    gone.after_s = seconds_between(left, told->at);
    gone.by_write = told->by_write;
  }
  return gone;
}

// Sends all that the socket takes, until it has taken nothing for a quarter of the time.
std::size_t flood(Peer& peer, std::string const& block, Settings::Proxy const& limits) {
  auto const end = Deadline::in(limits.stall_s);
  std::size_t bytes = 0;
  std::size_t at = 0;
  while (bytes < limits.stall_most && !end.over()) {
    auto const sent = ::send(peer.descriptor(), block.data() + at, block.size() - at,
                             MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) {
      bytes += static_cast<std::size_t>(sent);
      at = (at + static_cast<std::size_t>(sent)) % block.size();
    } else if (errno != EAGAIN ||
               !wait_ready(peer.descriptor(), POLLOUT, Deadline::in(limits.stall_s / 4))) {
      break;
    }
  }
  return bytes;
}

}  // namespace

Verdict Gone::verdict_idle() const {
  if (!after_s) return Verdict::fail;
  return by_write ? Verdict::warn : Verdict::pass;
}

Verdict Gone::verdict_busy(Settings::Proxy const& limits) const {
  if (!after_s) return Verdict::fail;
  return *after_s > limits.told_busy_s ? Verdict::warn : Verdict::pass;
}

Gone leave_idle(Origin& origin, Url const& front, Ending how, Settings const& settings) {
  return leave(origin, front, how, settings, false);
}

Gone leave_busy(Origin& origin, Url const& front, Ending how, Settings const& settings) {
  return leave(origin, front, how, settings, true);
}

Stalled stall(Origin& origin, Url const& front, Settings const& settings) {
  auto const limits = settings.proxy;
  auto const taken = std::make_shared<Signal<std::size_t>>();
  auto const url =
      at(front, origin.serve([=, head = origin.head()](Peer& peer, Asked const& asked) {
        Reply const reply(peer, asked, head);
        auto const event = "data: " + std::string(16 * 1024, 'x') + "\n\n";
        taken->set(flood(peer, reply.framed(event), limits));
      }));
  auto const deadline = Deadline::in(settings.answer_s);
  Connection connection(url, deadline, {.alpn = {}, .receive_buffer = 64 * 1024});
  connection.send(stream_request().bytes(url), deadline);
  auto const bytes = taken->wait(limits.stall_s + settings.answer_s);
  return {bytes.has_value(), bytes.value_or(0)};
}

Death die(Origin& origin, Url const& front, Ending how, Settings const& settings) {
  auto const settle_s = settings.proxy.settle_s;
  auto const url =
      at(front, origin.serve([=, head = origin.head()](Peer& peer, Asked const& asked) {
        Reply reply(peer, asked, head);
        reply.send("data: whole\n\n");
        peer.wait(0.2 * settle_s);
        reply.send("data: hal");
        peer.wait(0.2 * settle_s);
        how == Ending::fin ? peer.end() : peer.reset();
      }));
  Death death;
  try {
    Exchange exchange(url, stream_request(), Deadline::in(settings.answer_s));
    death.answer = exchange.head().status_line();
    exchange.read(Deadline::in(settings.answer_s));
    auto const& body = exchange.body();
    bool const closes = body.framing == Body::Framing::until_close;
    bool const orderly = body.end == Body::End::complete;
    death.visible = body.end != Body::End::open && (!orderly || exchange.head().status != 200);
    death.end = body.end == Body::End::open       ? "no end"
                : body.end == Body::End::reset    ? "a reset connection"
                : body.end != Body::End::complete ? "a response cut short"
                : closes                          ? "a close that is the end of the response"
                                                  : "an orderly last chunk";
  } catch (WireError const& error) {
    death.answer = error.what();
    death.visible = error.kind != WireError::Kind::silent;
    death.end = error.what();
  }
  return death;
}

}  // namespace pushlab::conformance

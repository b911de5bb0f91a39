// The seam between the load and the strategies: one Client is one user's screen. A strategy is one
// more of these.
#pragma once

#include <cerrno>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "loadgen/client/body_check.hpp"
#include "loadgen/client/marker.hpp"
#include "loadgen/load_plan.hpp"
#include "loadgen/loop/endpoint.hpp"
#include "loadgen/loop/event_loop.hpp"
#include "loadgen/loop/wire_count.hpp"
#include "loadgen/recorder/recorder.hpp"
#include "loadgen/schedule/audience.hpp"
#include "loadgen/schedule/subscriptions.hpp"

namespace pushlab::loadgen {

// What the clients of one worker count; the measured phase is the difference of two readings.
struct ClientTally {
  std::uint64_t connected = 0;  // clients that stand, first connects only
  std::uint64_t connect_failures = 0;
  std::uint64_t disconnects = 0;
  std::uint64_t resets = 0;
  std::uint64_t requests = 0;
  std::uint64_t useless_requests = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t connections = 0;  // of TCP
  std::uint64_t refreshes = 0;    // snapshot GETs that followed an event without data
  std::uint64_t stale_refreshes = 0;
  std::uint64_t sessions_ended = 0;    // clients that left as planned, to come back
  std::uint64_t slow_delivered = 0;    // events at slow readers, who are in no other count of
  std::uint64_t slow_disconnects = 0;  // deliveries, bytes or disconnects
  std::uint64_t exhausted = 0;         // connects that failed for want of a descriptor or a port
};

// Whether this errno of a connect says that we ran out of descriptors or ports.
constexpr bool is_exhaustion(int error) {
  return error == EMFILE || error == ENFILE || error == EADDRNOTAVAIL;
}

struct Answer;
void count_answer(ClientTally& tally, Answer const& answer);

// Told once for each client's first connect, so that the next one can be started, and of those with
// which a new session begins.
class ConnectListener {
 public:
  virtual void on_connected(std::uint64_t client, std::int64_t took_ns) = 0;
  virtual void on_connect_failed(std::uint64_t client, std::string_view why) = 0;
  virtual void on_came_back(std::int64_t took_ns) = 0;

 protected:
  ~ConnectListener() = default;
};

class SnapshotFetcher;

// What all clients of a worker share. Outlives them.
struct ClientSetting {
  LoadPlan const& plan;
  Subscriptions const& subscriptions;
  Audience const& audience;
  Marker const& marker;
  Endpoint endpoint;
  EventLoop& loop;
  Recorder& recorder;
  BodyCheck& bodies;
  ClientTally& tally;
  ConnectListener& listener;
  SnapshotFetcher* snapshots = nullptr;  // none: a `reset` is only counted

  // Takes every event in what a client received; true when there was any.
  bool delivered(std::uint32_t client, std::string_view text, std::int64_t now_ns) const;
  void check_body(std::string_view text, std::size_t at, std::uint32_t event) const {
    if (recorder.is_sent(event) && !bodies.is_whole(text, at, event)) recorder.saw_malformed();
  }

  // 127.0.0.<source>, or 0 for the system's choice: one source address has about 28,000 ports.
  // While the server is away, a connect from its own address to its port could meet itself, and the
  // server would find its port taken.
  unsigned source_of(std::uint64_t client) const {
    auto const at_most = plan.refresh ? 12'500U : 25'000U;
    if (!endpoint.is_loopback_v4()) return 0;
    if (plan.disrupt_at_s >= 0) return 2 + unsigned(client / at_most);
    return plan.clients > at_most ? 1 + unsigned(client / at_most) : 0;
  }
};

class Client : public Waiter {
 public:
  virtual void start(
      std::int64_t now_ns) = 0;  // begins to connect; the listener is told how it ended
  virtual void stop() = 0;       // closes; nothing is counted or told from then on
  // What all its sockets, those that are closed too, had on the wire. Clients with sockets in
  // common: one of them tells for all, the others tell nothing.
  virtual WireCount wire() const = 0;
  // Ends the session; a new one begins at `back_ns`, with a fresh connection and the cursor of the
  // old one.
  virtual void leave(std::int64_t back_ns) = 0;
  virtual void check_deadline(std::int64_t /*now_ns*/) {}  // called about once a second
};

// Puts this client's names and number in for {events} and {client}.
std::string expanded(std::string_view text, ClientSetting const& setting, std::uint64_t client);

// The server said `reset`: counts it, and fetches the snapshot where there is one.
void saw_reset(ClientSetting const& setting, std::uint32_t client);

// The clients [first, first + count) of the plan's strategy.
std::vector<std::unique_ptr<Client>> make_clients(ClientSetting const& setting, std::uint64_t first,
                                                  std::uint64_t count);

}  // namespace pushlab::loadgen

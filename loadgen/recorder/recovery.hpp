// How the clients of one worker come back after a disruption.
//
// A client has recovered when it has a connection again and has the newest event of its names that
// the ingest had accepted since the disruption, as of the moment in which it was connected again. A
// stream that was not cut was never away. A poll has no connection that tells it anything: it has
// recovered with the first good answer to a question asked since, whether or not one failed before.
#pragma once

#include <cstdint>
#include <vector>

#include "loadgen/recorder/delivery_check.hpp"
#include "loadgen/recorder/event_log.hpp"

namespace pushlab::loadgen {

struct RecoveryTally {
  std::vector<std::int64_t> after_ns;  // by client, from the disruption; -1 = has not recovered
  std::int64_t down_ns = -1;           // the first cut, from the disruption; -1 = none
  std::int64_t up_ns = -1;             // the first client that was cut has a connection again
  std::uint64_t attempts = 0;          // to come back
  std::uint64_t failed_attempts = 0;
  std::uint64_t snapshots = 0;  // fetched because the server had said `reset`
};

class Recovery {
 public:
  Recovery(EventLog const& log, DeliveryCheck const& check);

  // Only with this call is anything counted; REQUIRES: before `at_ns`.
  void expect(std::int64_t at_ns, bool polls);
  bool expected() const { return at_ns_ != 0; }

  void tries(std::uint64_t client);                     // to connect, or asks
  void cut(std::uint64_t client, std::int64_t now_ns);  // the connection ended, or the try failed
  // Has a connection, or an answer to what was asked at `asked_ns`.
  void stands(std::uint64_t client, std::int64_t asked_ns, std::int64_t now_ns);
  // An event came to the client: asked in the fan-out, so it costs one comparison.
  void delivered(std::uint64_t client, std::int64_t now_ns) {
    if (catching_up_ != 0) check_up(client, now_ns);
  }
  void fetched_snapshot(std::uint64_t client, std::int64_t now_ns);

  RecoveryTally tally() const;

 private:
  enum class State : std::uint8_t { there, unsure, away, behind };
  struct One {
    State state = State::there;
    bool was_cut = false;
    std::uint32_t goal = 0;  // the event that makes it recovered, when behind
    std::int64_t recovered_ns = 0;
  };

  void check_up(std::uint64_t client, std::int64_t now_ns);
  bool has_goal(std::uint64_t client, std::uint32_t goal) const;
  bool newest_accepted(std::uint64_t client, std::int64_t now_ns, std::uint32_t& newest);

  EventLog const& log_;
  DeliveryCheck const& check_;
  std::uint64_t first_client_;
  std::vector<One> clients_;
  std::int64_t at_ns_ = 0;
  std::size_t catching_up_ = 0;  // clients that are behind
  std::size_t seen_ = 0;         // events that are due by now
  RecoveryTally tally_;
};

// Over all clients: when this share of them had recovered, in ns from the disruption; -1 when fewer
// have. `after_ns` sorted as recovery_order() leaves it.
void recovery_order(std::vector<std::int64_t>& after_ns);
std::int64_t recovered_by(std::vector<std::int64_t> const& after_ns, double share);

}  // namespace pushlab::loadgen

#pragma once
#include "servers/clients/client_handler.hpp"
#include "servers/long_poll/long_poll_encoder.hpp"

namespace pushlab::server {

constexpr std::size_t max_poll_answer_bytes = 1U << 20;

// Whoever polls, under the connection id that it repeats, or that its first answer tells it.
struct Poller {
  Viewer viewer;
  std::string new_id = {};
};
Poller poller_of(Request const& request, Viewer const& admitted);

// As many of the missed events as one answer may hold, at least one; the body's `next` and `more`
// say where to go on.
PollBody answer_part(Resume& resume, EventId now);

// GET /poll?since=&wait=: answered when something happened, or empty at the deadline. Between two
// polls the subscription stays, so that the next poll with the same names costs no bookkeeping.
class LongPollSession : public ClientHandler {
 public:
  using ClientHandler::ClientHandler;

  void on_deadline(Connection& connection) override;
  void on_drain(Connection& connection) override;
  void on_revoke(Connection& connection) override;
  void on_end(Connection& connection) override;
  Bytes held_answer(Connection& connection, Bytes const& shared) override;

 protected:
  void on_subscribe(Connection& connection, Request const& request,
                    Admission const& admission) override;

 private:
  void subscribe(Connection& connection, Viewer const& viewer);
  void answer_empty(Connection& connection, bool keep_alive);
};

}  // namespace pushlab::server

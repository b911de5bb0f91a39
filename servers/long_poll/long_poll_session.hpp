#pragma once
#include "servers/clients/client_handler.hpp"
#include "servers/long_poll/long_poll_encoder.hpp"

namespace pushlab::server {

constexpr std::size_t max_poll_answer_bytes = 1U << 20;

// As many of the missed events as one answer may hold, at least one; the body's `next` and `more`
// say where to go on.
PollBody answer_part(Resume& resume, EventId now);

// GET /poll?since=&wait=: answered when something happened, or empty at the deadline. Between two
// polls the subscription stays, so that the next poll with the same names costs no bookkeeping.
class LongPollSession : public ClientHandler {
 public:
  explicit LongPollSession(ClientContext context) : ClientHandler(std::move(context), "/poll") {}

  void on_deadline(Connection& connection) override;
  void on_drain(Connection& connection) override;
  void on_revoke(Connection& connection) override;
  void on_end(Connection& connection) override;

 protected:
  void on_subscribe(Connection& connection, Request const& request,
                    Subscription const& subscription) override;

 private:
  void subscribe(Connection& connection, Subscription const& subscription);
  void answer_empty(Connection& connection, bool keep_alive);
};

}  // namespace pushlab::server

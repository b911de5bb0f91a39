#pragma once
#include "servers/clients/client_handler.hpp"

namespace pushlab::server {

// Nothing is pushed, so nothing is framed: each answer is built for the one who asks.
class ShortPollEncoder : public Encoder {
 public:
  std::string frame(EventId, Notification const&) const override { return {}; }
};

// GET /poll?since=: answered at once; 304 when the client's ETag says that it has seen it all.
class ShortPollSession : public ClientHandler {
 public:
  using ClientHandler::ClientHandler;

 protected:
  void on_subscribe(Connection& connection, Request const& request,
                    Admission const& admission) override;
};

}  // namespace pushlab::server

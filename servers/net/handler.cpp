#include "servers/net/handler.hpp"

#include "servers/net/connection.hpp"

namespace pushlab::server {

void Handler::on_revoke(Connection& connection) {
  connection.end_after_writing(EndReason::revoked);
}

}  // namespace pushlab::server

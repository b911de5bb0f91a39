#pragma once
#include "servers/auth/authenticator.hpp"

namespace pushlab::server {

// What every authenticator says alike.
inline AuthRefusal malformed_credential() {
  return {401, "The credential is longer than 512 bytes or holds control characters."};
}
inline AuthRefusal unknown_ticket() {
  return {401, "This ticket was used, has expired or never was: get another one."};
}
inline AuthRefusal no_ticket_for_that() {
  return {401, "A ticket is given for a session or an API key: show one."};
}

}  // namespace pushlab::server

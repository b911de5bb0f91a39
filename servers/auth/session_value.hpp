#pragma once
#include <string>
#include <string_view>

#include "servers/auth/authenticator.hpp"

namespace pushlab::server {

// Where in a JSON value the user and the roles are (RFC 6901).
struct IdentityPointers {
  std::string user, roles;
};

// Who a session or an API key belongs to, by the JSON that is stored for it. The user is a text or
// a whole number, the roles a list of texts or one text. 401 when there is no user in it. The
// identity's session is left empty.
AuthVerdict identity_in(std::string_view json, IdentityPointers const& pointers);

}  // namespace pushlab::server

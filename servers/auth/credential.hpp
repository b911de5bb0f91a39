#pragma once
#include <string>

#include "servers/http/request.hpp"

namespace pushlab::server {

// What a request shows to say who it comes from.
struct Credential {
  enum class Kind { none, session, api_key, ticket };
  Kind kind = Kind::none;
  std::string value;
};

// The strongest that is there: `?ticket=`, the field X-API-Key, `Authorization: Bearer`, and last
// the session cookie, which a browser sends unasked. An empty value counts as none.
Credential credential_of(Request const& request, std::string const& cookie_name);

}  // namespace pushlab::server

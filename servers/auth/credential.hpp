#pragma once
#include <string>

#include "servers/http/request.hpp"

namespace pushlab::server {

// What a request shows to say who it comes from.
struct Credential {
  enum class Kind { none, session, api_key, ticket };
  Kind kind = Kind::none;
  std::string value;  // empty though there is a kind: one that is never good, see credential_of()

  static constexpr std::size_t max_bytes = 512;
};

// The strongest that is there: `?ticket=`, the field X-API-Key, `Authorization: Bearer`, and last
// the session cookie, which a browser sends unasked. An empty value counts as none. One that is
// too long or holds control characters is there all the same, or the wrong would be nobody: it
// keeps its kind and loses its value. No cookie is looked at when `cookie_name` is empty.
Credential credential_of(Request const& request, std::string const& cookie_name);

// The first cookie of that name, without quotes, percent-decoded as express does; empty: none.
std::string cookie_of(Request const& request, std::string const& name);

}  // namespace pushlab::server

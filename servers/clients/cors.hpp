#pragma once
#include <string>
#include <vector>

#include "servers/http/request.hpp"
#include "servers/http/response.hpp"

namespace pushlab::server {

// Which pages of other origins may use the clients' listener (WHATWG Fetch, CORS protocol,
// 2026-11-24). Origins are exact: `https://app.example`, no pattern; `*` alone means every origin,
// and then never with credentials.
class CorsPolicy {
 public:
  CorsPolicy() = default;
  explicit CorsPolicy(std::vector<std::string> origins);

  // What an answer to this request says, refusals and streams alike. Every answer says that it
  // depends on the origin, or a cache could give one origin's answer to another.
  HeaderFields fields(Request const& request) const;

  // To OPTIONS, with or without a preflight in it.
  Response options_answer(Request const& request, bool may_post) const;

  // A WebSocket handshake knows no CORS: the browser opens it from any page, with the cookies of
  // its user (RFC 6455 10.2). True when the page is of this host, or of an origin that is allowed
  // with credentials.
  bool trusts_page_of(Request const& handshake) const;

 private:
  bool allows(std::string_view origin) const;

  std::vector<std::string> origins_;
  bool any_ = false;
};

}  // namespace pushlab::server

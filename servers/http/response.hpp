#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "servers/http/request.hpp"

namespace pushlab::server {

using HeaderFields = std::vector<std::pair<std::string, std::string>>;

struct Response {
  int status = 200;
  std::string content_type;  // empty: no body, no type
  std::string body;
  HeaderFields fields = {};
};

std::string_view reason_phrase(int status);

// `Name: value` lines with their ends.
std::string to_lines(HeaderFields const& fields);

// Status line, fields and body as bytes, in answer to that request; never storable by a cache. A
// HEAD gets the fields that a GET would have had.
std::string to_wire(Response const& response, Request const& request);

// RFC 9457. `member` is a JSON pointer into the request's body, or empty.
Response problem(int status, std::string_view detail, std::string_view member = {});

// 405, with the methods that would have been right.
Response method_not_allowed(std::string_view allowed);

}  // namespace pushlab::server

#pragma once

#include "tests/conformance/sse_response/probe.hpp"

namespace pushlab::conformance {

constexpr auto attacker = "https://attacker.example";

// The answers to an origin that may be ours, to one that is not, and to "null", each with a cookie.
struct CorsAnswers {
  std::string origin;  // the one given by -H 'Origin: ..', or one made up
  bool origin_given;
  Head own;
  Head foreign;
  Head null;
  bool offered() const { return own.has("Access-Control-Allow-Origin"); }
};
std::shared_ptr<CorsAnswers const> cors_answers(Endpoint& endpoint);

// The request of a page of that origin, with a cookie.
Request from_origin(Endpoint const& endpoint, std::string const& origin);

}  // namespace pushlab::conformance

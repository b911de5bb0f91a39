#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "driver/target.hpp"
#include "tests/conformance/engine/endpoint.hpp"

namespace pushlab::driver {

struct ConformFlags {
  std::string endpoint;  // URL, target id or target file
  std::string publish;   // URL template or target file
  std::string name = "conform";
  std::string strategy;
  std::vector<std::string> headers;
  std::vector<std::string> groups;
  std::vector<std::string> cases;
  std::string junit;
  std::vector<std::string> path;  // intermediaries between the endpoint and its clients
  std::vector<std::string> via;   // "nginx", "nginx:default"; several for the matrix only
  bool tls = false;               // an nginx in front ends TLS and speaks HTTP/2
  bool matrix = false;
  std::string out;  // folder for the matrix
  bool strict = false;
  bool list = false;
  bool json = false;
  bool slow = false;
  std::optional<double> listen_s;  // to a quiet stream, for heartbeats; else as the checker has it
  double silence_s =
      0;  // with the matrix: so long silent connections are waited for; 0: not at all
};

// What the flags say about the endpoint, as the checker wants it. A target is started first, and
// ends with the returned object's process. Throws InputError, TargetError.
conformance::Endpoint::Given conform_endpoint(ConformFlags const& flags);

}  // namespace pushlab::driver

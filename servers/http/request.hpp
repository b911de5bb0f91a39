#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "servers/http/query.hpp"

namespace pushlab::server {

struct Request {
  std::string method;
  Target target;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
  bool http_1_0 = false;
  bool keep_alive = true;

  // The first field of that name (compared without case), or empty.
  std::string_view field(std::string_view name) const;
  bool is_head() const { return method == "HEAD"; }
};

}  // namespace pushlab::server

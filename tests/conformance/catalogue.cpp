#include "tests/conformance/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "tests/conformance/compression/compression.hpp"
#include "tests/conformance/heartbeat/heartbeat.hpp"
#include "tests/conformance/limit/limit.hpp"
#include "tests/conformance/polling/polling.hpp"
#include "tests/conformance/proxy/proxy.hpp"
#include "tests/conformance/reconnect/reconnect.hpp"
#include "tests/conformance/sse_framing/sse_framing.hpp"
#include "tests/conformance/sse_parsing/sse_parsing.hpp"
#include "tests/conformance/sse_response/sse_response.hpp"
#include "tests/conformance/websocket/websocket.hpp"

namespace pushlab::conformance {

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (auto const group :
       {sse_response_cases, sse_framing_cases, sse_parsing_cases, heartbeat_cases, reconnect_cases,
        proxy_cases, compression_cases, websocket_cases, limit_group_cases, polling_cases}) {
    auto cases = group();
    std::move(cases.begin(), cases.end(), std::back_inserter(all));
  }
  return all;
}

std::vector<Case> select_cases(std::vector<Case> const& cases,
                               std::vector<std::string> const& groups,
                               std::vector<std::string> const& ids) {
  if (groups.empty() && ids.empty()) return cases;
  auto const require = [&](std::string const& wanted, auto const& fits) {
    if (std::none_of(cases.begin(), cases.end(), fits))
      throw std::invalid_argument(
          fmt::format("{} is no rule or group of rules: see pushlab conform --list", wanted));
  };
  auto const in_group = [](std::string const& group) {
    return [&group](Case const& one) { return one.rule.id.starts_with(group); };
  };
  auto const has_id = [](std::string const& id) {
    return [&id](Case const& one) { return one.rule.id == id; };
  };
  for (auto const& group : groups) require(group, in_group(group));
  for (auto const& id : ids) require(id, has_id(id));
  std::vector<Case> selected;
  for (auto const& one : cases) {
    bool const wanted =
        std::any_of(groups.begin(), groups.end(),
                    [&](std::string const& group) { return in_group(group)(one); }) ||
        std::find(ids.begin(), ids.end(), one.rule.id) != ids.end();
    if (wanted) selected.push_back(one);
  }
  return selected;
}

}  // namespace pushlab::conformance

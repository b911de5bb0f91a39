#include <fmt/format.h>

#include "tests/conformance/sse_response/probe.hpp"
#include "tests/conformance/sse_response/sections.hpp"

namespace pushlab::conformance {
namespace {

constexpr std::size_t big = 8 * 1024;

struct BigRequest {
  std::string what;
  Url url;
  Request request;
};

std::vector<BigRequest> big_requests(Endpoint& endpoint) {
  auto const url = stream_url(endpoint);
  auto const plain = endpoint.request();
  std::string const long_text(big, 'x');
  return {{"a Last-Event-ID of 8 KiB", url, Request(plain).with("Last-Event-ID", long_text)},
          {"a cookie of 8 KiB", url, Request(plain).with("Cookie", "conform=" + long_text)},
          {"a query of 8 KiB", url.with_query("conform", long_text), plain}};
}

Finding big_requests_get_an_answer(Endpoint& endpoint) {
  stream_capture(endpoint);
  std::vector<Finding> findings;
  for (auto const& [what, url, request] : big_requests(endpoint)) {
    try {
      auto const head = head_for(endpoint, url, request);
      auto const seen = fmt::format("{} to {}", head.status_line(), what);
      findings.push_back(head.status < 500 ? pass(seen) : fail("200 or 4xx", seen));
    } catch (WireError const& error) {
      auto const seen = fmt::format("{}: {}", what, error.what());
      findings.push_back(error.kind == WireError::Kind::silent ? fail("an answer", seen)
                                                               : warn("200 or 4xx", seen));
    }
  }
  try {
    head_for(endpoint, endpoint.request());
  } catch (WireError const& error) {
    return fail("an endpoint that still answers after that", error.what());
  }
  return worst(findings);
}

}  // namespace

std::vector<Case> limit_cases() {
  return {
      {{"SSE-RESP-32", "a Last-Event-ID, a cookie and a query of 8 KiB get an answer", "9110 5.4",
        Level::url, Severity::minor},
       big_requests_get_an_answer,
       {.limit_s = 60}},
  };
}

}  // namespace pushlab::conformance

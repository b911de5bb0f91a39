#include <algorithm>
#include <array>

#include "tests/conformance/sse_response/probe.hpp"
#include "tests/conformance/sse_response/sections.hpp"
#include "tests/conformance/wire/h2_connection.hpp"

namespace pushlab::conformance {
namespace {

constexpr std::array forbidden{"connection", "keep-alive", "proxy-connection", "transfer-encoding",
                               "upgrade"};

Finding no_connection_fields_over_http2(Endpoint& endpoint) {
  auto const url = stream_url(endpoint);
  auto const deadline = endpoint.answer_deadline();
  std::unique_ptr<H2Connection> connection;
  try {
    connection = std::make_unique<H2Connection>(url, deadline);
  } catch (WireError const& error) {
    return skip(std::string("no HTTP/2 here: ") + error.what());
  }
  auto const id = connection->request(url, endpoint.request(), deadline);
  auto const& stream = connection->await_head(id, deadline);
  for (auto const& field : stream.fields) {
    auto const seen = quoted(field.name) + ": " + quoted(field.value);
    if (std::find(forbidden.begin(), forbidden.end(), lower(field.name)) != forbidden.end())
      return fail("none of the fields of one connection", seen);
    if (lower(field.name) != field.name) return fail("field names in lower case", seen);
  }
  if (stream.status == 0) return fail(":status", "none");
  return pass(":status " + std::to_string(stream.status));
}

}  // namespace

std::vector<Case> http2_cases() {
  return {
      {{"SSE-RESP-24", "over HTTP/2 there is no Connection, Keep-Alive, Transfer-Encoding",
        "9113 8.2.2", Level::url, Severity::critical},
       no_connection_fields_over_http2},
  };
}

}  // namespace pushlab::conformance

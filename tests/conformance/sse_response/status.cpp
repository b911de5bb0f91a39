#include "tests/conformance/sse_response/probe.hpp"
#include "tests/conformance/sse_response/sections.hpp"

namespace pushlab::conformance {
namespace {

Finding status_is_200(Endpoint& endpoint) {
  auto const capture = any_capture(endpoint);
  if (capture->head.status == 200) return pass(capture->head.status_line());
  return fail("status 200: EventSource closes for good on any other", capture->head.status_line());
}

// A 204 of this URL, whichever request it is given to: the form is the same for all.
Finding no_content_is_empty(Endpoint& endpoint) {
  auto const url = stream_url(endpoint);
  auto preflight = endpoint.request().as("OPTIONS");
  preflight.with("Origin", "https://conform.example").with("Access-Control-Request-Method", "GET");
  for (auto const& request : {endpoint.request(), preflight}) {
    Exchange exchange(url, request, endpoint.answer_deadline());
    auto const& head = exchange.head();
    if (head.status != 204) continue;
    for (auto const* name : {"Transfer-Encoding", "Content-Length"}) {
      if (head.has(name))
        return fail("a 204 without " + std::string(name),
                    std::string(name) + ": " + quoted(head.value(name)));
    }
    auto const more = exchange.connection().receive(Deadline::in(endpoint.settings().still_open_s));
    if (more.kind == Arrival::Kind::bytes)
      return fail("no body behind a 204", quoted(more.bytes, 60));
    return pass("a bare 204 to " + request.method);
  }
  return info("no request was answered with 204");
}

}  // namespace

std::vector<Case> status_cases() {
  return {
      {{"SSE-RESP-01", "the status is exactly 200", "HTML 9.2.3", Level::url, Severity::critical},
       status_is_200},
      {{"SSE-RESP-26", "a 204, which stops clients, has no body, no length, no transfer coding",
        "HTML 9.2.1, 9.2.3; 9112 6.3", Level::url, Severity::major},
       no_content_is_empty},
  };
}

}  // namespace pushlab::conformance

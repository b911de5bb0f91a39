#include <fmt/format.h>

#include "tests/conformance/sse_response/probe.hpp"
#include "tests/conformance/sse_response/sections.hpp"

namespace pushlab::conformance {
namespace {

Request accepting(Endpoint const& endpoint, std::string const& types) {
  auto request = endpoint.request().without("Accept");
  return types.empty() ? request : request.with("Accept", types);
}

Finding any_type_gets_the_stream(Endpoint& endpoint) {
  stream_capture(endpoint);
  std::vector<Finding> findings;
  for (auto const* types : {"*/*", ""}) {
    auto const head = head_for(endpoint, accepting(endpoint, types));
    auto const asked = *types == 0 ? "without Accept" : "with Accept: */*";
    auto const seen = fmt::format("{} {}", in_short(head), asked);
    if (is_stream(head))
      findings.push_back(pass());
    else if (head.status == 200)
      findings.push_back(warn("the stream", seen));
    else
      findings.push_back(fail("the stream", seen));
  }
  return worst(findings);
}

Finding excluded_type_is_refused(Endpoint& endpoint) {
  stream_capture(endpoint);
  std::vector<Finding> findings;
  for (auto const* types : {"application/json", "text/event-stream;q=0"}) {
    auto const head = head_for(endpoint, accepting(endpoint, types));
    bool const disregarded = is_stream(head);
    findings.push_back(disregarded ? info(fmt::format("the stream for Accept: {}", types))
                                   : pass(in_short(head)));
  }
  return worst(findings);
}

Finding several_types_vary_by_accept(Endpoint& endpoint) {
  auto const capture = stream_capture(endpoint);
  for (auto const* types : {"text/html", "application/json"}) {
    auto const head = head_for(endpoint, accepting(endpoint, types));
    if (head.status != 200 || media_type(head) == media_type(capture->head)) continue;
    auto const vary = capture->head.members("Vary");
    if (contains(vary, "Accept") || contains(vary, "*")) return pass();
    return warn("Vary: Accept where one URL serves several types",
                fmt::format("{} for Accept: {}, and Vary {}", quoted(media_type(head)), types,
                            quoted(capture->head.value("Vary"))));
  }
  return skip("the URL serves one type");
}

}  // namespace

std::vector<Case> negotiation_cases() {
  return {
      {{"SSE-RESP-21", "*/* and a missing Accept get the stream", "9110 12.5.1", Level::url,
        Severity::major},
       any_type_gets_the_stream},
      {{"SSE-RESP-22", "a client that excludes the type is refused", "9110 12.5.1, 15.5.7",
        Level::url, Severity::minor},
       excluded_type_is_refused},
      {{"SSE-RESP-31", "Vary: Accept when one URL serves several types", "9110 12.5.5", Level::url,
        Severity::minor},
       several_types_vary_by_accept},
  };
}

}  // namespace pushlab::conformance

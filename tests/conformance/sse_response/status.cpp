#include "tests/conformance/engine/capture.hpp"
#include "tests/conformance/sse_response/sections.hpp"

namespace pushlab::conformance {
namespace {

Finding status_is_200(Endpoint& endpoint) {
  auto const capture = any_capture(endpoint);
  if (capture->head.status == 200) return pass(capture->head.status_line());
  return fail("status 200: EventSource closes for good on any other", capture->head.status_line());
}

}  // namespace

std::vector<Case> status_cases() {
  return {
      {{"SSE-RESP-01", "the status is exactly 200", "HTML 9.2.3", Level::url, Severity::critical},
       status_is_200},
  };
}

}  // namespace pushlab::conformance

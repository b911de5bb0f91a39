#include <fmt/format.h>

#include <array>

#include "tests/conformance/sse_response/probe.hpp"
#include "tests/conformance/sse_response/sections.hpp"

namespace pushlab::conformance {
namespace {

constexpr std::array token_names{"token",  "access_token", "jwt",       "code",
                                 "ticket", "sig",          "signature", "nonce"};

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

Finding redirects_lead_to_a_stream(Endpoint& endpoint) {
  auto const capture = any_capture(endpoint);
  auto const& head = capture->head;
  if (is_redirect(head.status)) {
    auto const expected = "a stream after at most 5 redirects";
    if (capture->hops.size() == 5)
      return fail(expected, fmt::format("a sixth one, {} to {}", head.status,
                                        quoted(head.value("Location"))));
    return fail("a Location that leads to a stream",
                fmt::format("{}, Location {}", head.status_line(), quoted(head.value("Location"))));
  }
  if (capture->hops.empty()) return skip("the URL does not redirect");
  auto const way = fmt::format("{} hop(s), then {}", capture->hops.size(), in_short(head));
  return is_stream(head) ? pass(way) : fail("a stream behind the redirects", way);
}

// Browsers reconnect to the last URL, whatever the status of the redirect was.
Finding redirects_carry_no_token(Endpoint& endpoint) {
  auto const capture = any_capture(endpoint);
  if (capture->hops.empty()) return skip("the URL does not redirect");
  for (auto const& hop : capture->hops) {
    auto const location = hop.head.value("Location");
    auto const query = location.find('?');
    if (query == std::string::npos) continue;
    for (auto const& pair : split_list(location.substr(query + 1), '&')) {
      for (auto const* name : token_names) {
        if (same_text(pair.substr(0, pair.find('=')), name))
          return warn("a Location that can be used again: reconnects start from it",
                      "Location: " + quoted(location));
      }
    }
  }
  return pass();
}

}  // namespace

std::vector<Case> redirect_cases() {
  return {
      {{"SSE-RESP-27", "redirects lead to a stream within 5 hops, by a valid Location",
        "HTML 9.2.3 via Fetch; WPT, LD", Level::url, Severity::major},
       redirects_lead_to_a_stream},
      {{"SSE-RESP-28", "no one-time token is in the target of a redirect", "whatwg/html#503",
        Level::url, Severity::major},
       redirects_carry_no_token},
  };
}

}  // namespace pushlab::conformance

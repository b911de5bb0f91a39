#include <algorithm>

#include "tests/conformance/sse_response/cors.hpp"
#include "tests/conformance/sse_response/sections.hpp"

namespace pushlab::conformance {
namespace {

Head preflight(Endpoint& endpoint, std::string const& origin, std::string const& header) {
  auto request = without_credentials(endpoint).as("OPTIONS").without("Origin");
  request.with("Origin", origin)
      .with("Access-Control-Request-Method", "GET")
      .with("Access-Control-Request-Headers", header);
  return head_for(endpoint, request);
}

bool granted(Head const& head, std::string const& origin, std::string const& header) {
  auto const allowed = head.value("Access-Control-Allow-Origin");
  auto const headers = head.members("Access-Control-Allow-Headers");
  return head.status >= 200 && head.status < 300 && (allowed == "*" || allowed == origin) &&
         (contains(headers, header) || contains(headers, "*"));
}

// Whether a browser would ask before it sends this Last-Event-ID to another origin (Fetch,
// CORS-unsafe request-header byte).
bool needs_preflight(std::string const& id) {
  return id.size() > 128 || std::any_of(id.begin(), id.end(), [](unsigned char c) {
           return (c < 0x20 && c != '\t') || c == 0x7f ||
                  std::string_view("\"():<>?@[\\]{}").find(static_cast<char>(c)) !=
                      std::string_view::npos;
         });
}

Finding resuming_elsewhere_is_granted(Endpoint& endpoint) {
  auto const answers = cors_answers(endpoint);
  if (!answers->offered()) return skip("no CORS is offered to " + answers->origin);
  auto const head = preflight(endpoint, answers->origin, "last-event-id");
  if (granted(head, answers->origin, "last-event-id")) {
    bool const token = granted(preflight(endpoint, answers->origin, "authorization"),
                               answers->origin, "authorization");
    return pass(token ? "authorization, too" : "authorization is not granted");
  }
  auto const expected = "a preflight for last-event-id to be granted";
  auto const seen = head.status_line() + ", Access-Control-Allow-Headers " +
                    quoted(head.value("Access-Control-Allow-Headers"));
  for (auto const* event : busy_capture(endpoint)->sse.events()) {
    if (needs_preflight(event->id)) return fail(expected + (" of " + quoted(event->id)), seen);
  }
  return warn(expected, seen + "; the ids seen go without one");
}

// The first answer that is an error, from the likeliest cause to the surest.
Head provoke_error(Endpoint& endpoint, std::string const& origin) {
  auto wrong = without_credentials(endpoint).without("Origin").with("Origin", origin);
  wrong.with("Authorization", "Bearer conform-invalid");
  auto refused = head_for(endpoint, wrong);
  if (refused.status >= 400) return refused;
  auto elsewhere = stream_url(endpoint);
  elsewhere.target = "/conform-no-such-path";
  return head_for(endpoint, elsewhere, from_origin(endpoint, origin));
}

Finding errors_carry_cors_too(Endpoint& endpoint) {
  auto const answers = cors_answers(endpoint);
  if (!answers->offered()) return skip("no CORS is offered to " + answers->origin);
  auto const head = provoke_error(endpoint, answers->origin);
  if (head.status < 400) return skip("no error could be provoked: " + head.status_line());
  if (head.has("Access-Control-Allow-Origin")) return pass(head.status_line());
  return warn("Access-Control-Allow-Origin on errors: without it the page cannot see the status",
              head.status_line() + " without it");
}

}  // namespace

std::vector<Case> preflight_cases() {
  return {
      {{"SSE-RESP-16", "a preflight for Last-Event-ID is granted when CORS is offered",
        "WPT cross-origin-preflight", Level::url, Severity::major},
       resuming_elsewhere_is_granted},
      {{"SSE-RESP-17", "error answers carry the same CORS fields", "Fetch", Level::url,
        Severity::minor},
       errors_carry_cors_too},
  };
}

}  // namespace pushlab::conformance

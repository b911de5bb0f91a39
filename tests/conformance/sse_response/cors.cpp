#include "tests/conformance/sse_response/cors.hpp"

#include "tests/conformance/sse_response/sections.hpp"

namespace pushlab::conformance {
namespace {

std::string allowed_origin(Head const& head) {
  return head.value("Access-Control-Allow-Origin");
}

bool with_credentials(Head const& head) {
  return head.value("Access-Control-Allow-Credentials") == "true";
}

std::shared_ptr<CorsAnswers const> offered(Endpoint& endpoint) {
  auto answers = cors_answers(endpoint);
  if (!answers->offered()) throw Skip("no Access-Control-Allow-Origin for " + answers->origin);
  return answers;
}

Finding allows_the_origin_or_all(Endpoint& endpoint) {
  auto const answers = cors_answers(endpoint);
  auto const values = answers->own.values("Access-Control-Allow-Origin");
  if (values.empty()) return info("no CORS for " + answers->origin);
  auto const expected = "Access-Control-Allow-Origin: * or " + answers->origin;
  if (values.size() > 1) return fail(expected, quoted(values[0]) + " and " + quoted(values[1]));
  if (values[0] == "*" || values[0] == answers->origin) return pass(quoted(values[0]));
  bool const one_other = values[0].find("://") != std::string::npos &&
                         values[0].find_first_of(", ") == std::string::npos;
  if (one_other && !answers->origin_given)
    return warn(expected, quoted(values[0]) + "; give your origin by -H 'Origin: ...'");
  return fail(expected, quoted(values[0]));
}

Finding credentials_need_the_exact_origin(Endpoint& endpoint) {
  auto const answers = offered(endpoint);
  auto const credentials = answers->own.value("Access-Control-Allow-Credentials");
  if (credentials.empty()) return info("credentials are not offered to other origins");
  if (credentials != "true")
    return fail("Access-Control-Allow-Credentials: true, or none", quoted(credentials));
  if (allowed_origin(answers->own) == "*")
    return fail("the exact origin beside Allow-Credentials: true",
                "Access-Control-Allow-Origin: *");
  return pass();
}

Finding attackers_get_no_credentials(Endpoint& endpoint) {
  auto const answers = cors_answers(endpoint);
  auto const given_to = [](Head const& head, std::string const& origin) {
    return allowed_origin(head) == origin && with_credentials(head);
  };
  auto const expected = "no Access-Control-Allow-Credentials for an origin that nobody knows";
  if (given_to(answers->foreign, attacker))
    return fail(expected, std::string("true for ") + attacker);
  if (given_to(answers->null, "null")) return fail(expected, "true for null");
  return pass();
}

Finding echoed_origin_comes_with_vary(Endpoint& endpoint) {
  auto const answers = offered(endpoint);
  if (allowed_origin(answers->own) != answers->origin) return skip("the origin is not echoed");
  auto const vary = answers->own.members("Vary");
  if (contains(vary, "Origin") || contains(vary, "*")) return pass();
  return warn("Vary: Origin",
              answers->own.has("Vary") ? quoted(answers->own.value("Vary")) : "no Vary");
}

}  // namespace

Request from_origin(Endpoint const& endpoint, std::string const& origin) {
  auto request = endpoint.request();
  request.without("Origin").with("Origin", origin);
  for (auto const& field : request.fields) {
    if (same_text(field.name, "Cookie")) return request;
  }
  return request.with("Cookie", "conform=1");
}

std::shared_ptr<CorsAnswers const> cors_answers(Endpoint& endpoint) {
  stream_capture(endpoint);  // skips when there is no stream to share
  return endpoint.once<CorsAnswers>("CORS answers", [&endpoint] {
    CorsAnswers answers{"https://conform.example", false, {}, {}, {}};
    for (auto const& field : endpoint.fields()) {
      if (!same_text(field.name, "Origin")) continue;
      answers.origin = field.value;
      answers.origin_given = true;
    }
    answers.own = head_for(endpoint, from_origin(endpoint, answers.origin));
    answers.foreign = head_for(endpoint, from_origin(endpoint, attacker));
    answers.null = head_for(endpoint, from_origin(endpoint, "null"));
    return answers;
  });
}

std::vector<Case> cors_cases() {
  return {
      {{"SSE-RESP-12", "Access-Control-Allow-Origin is the origin or *", "Fetch; WPT cross-origin",
        Level::url, Severity::major},
       allows_the_origin_or_all},
      {{"SSE-RESP-13", "credentials go with the exact origin and Allow-Credentials: true",
        "Fetch; WPT request-credentials", Level::url, Severity::major},
       credentials_need_the_exact_origin},
      {{"SSE-RESP-14", "not any origin is reflected with credentials", "Fetch, security",
        Level::url, Severity::critical},
       attackers_get_no_credentials},
      {{"SSE-RESP-15", "an echoed origin comes with Vary: Origin", "Fetch, 9110 12.5.5", Level::url,
        Severity::minor},
       echoed_origin_comes_with_vary},
  };
}

}  // namespace pushlab::conformance

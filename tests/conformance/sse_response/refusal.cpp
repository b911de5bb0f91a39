#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tests/conformance/sse_response/probe.hpp"
#include "tests/conformance/sse_response/sections.hpp"

namespace pushlab::conformance {
namespace {

bool speaks_of_refusal(SseStream const& stream) {
  return std::any_of(stream.blocks.begin(), stream.blocks.end(), [](SseBlock const& block) {
    auto const text = lower(block.type + " " + block.data);
    return text.find("error") != std::string::npos || text.find("unauthori") != std::string::npos ||
           text.find("forbidden") != std::string::npos;
  });
}

Finding judge_stream(EventStream& stream, double seconds) {
  stream.listen(seconds);
  if (!speaks_of_refusal(stream.sse())) return info("the stream is open to everybody");
  auto const seen = "200 and " + quoted(stream.text(), 80);
  if (stream.body().end == Body::End::open) return fail("a status that refuses", seen + ", open");
  return warn("a status that refuses: browsers reconnect for ever", seen + ", then the end");
}

Finding judge_refusal(Endpoint& endpoint, Request const& request) {
  EventStream stream(stream_url(endpoint), request, endpoint.answer_deadline());
  auto const& head = stream.head();
  auto const seen = in_short(head);
  if (is_stream(head)) return judge_stream(stream, endpoint.settings().still_open_s);
  bool const page = head.status == 200 || (head.status >= 300 && head.status < 400);
  if (page) return warn("401 or 403, no login page", seen);
  if (head.status == 401 && !head.has("WWW-Authenticate"))
    return warn("WWW-Authenticate with a 401", seen + " without it");
  if ((head.status == 429 || head.status == 503) && !head.has("Retry-After"))
    return warn("Retry-After", seen + " without it");
  if (head.status >= 400 && head.status != 500) return pass(seen);
  return warn("401 or 403", seen);
}

Finding refusals_are_plain(Endpoint& endpoint) {
  auto wrong = without_credentials(endpoint).with("Authorization", "Bearer conform-invalid");
  std::vector<Finding> findings{judge_refusal(endpoint, wrong)};
  if (has_credentials(endpoint))
    findings.push_back(judge_refusal(endpoint, without_credentials(endpoint)));
  return worst(findings);
}

Finding overload_spares_browsers(Endpoint& endpoint) {
  auto const url = stream_url(endpoint);
  auto const most = endpoint.settings().response.overload_streams;
  auto const expected =
      "a close without an answer, or 200 with retry and an end: EventSource gives up on 5xx and "
      "429";
  std::vector<Exchange> streams;
  for (int i = 0; i < most; ++i) {
    try {
      streams.emplace_back(url, endpoint.request(), endpoint.answer_deadline());
    } catch (WireError const& error) {
      return pass(fmt::format("stream {}: {}", i + 1, error.what()));
    }
    auto const& head = streams.back().head();
    if (head.status != 200)
      return warn(expected, fmt::format("{} to stream {}", head.status_line(), i + 1));
  }
  return info(fmt::format("{} streams at once, none refused", most));
}

std::string bearer_token(Endpoint const& endpoint) {
  for (auto const& field : endpoint.fields()) {
    if (same_text(field.name, "Authorization") && lower(field.value).starts_with("bearer "))
      return field.value.substr(7);
  }
  return {};
}

// A token in the URL that changes the answer is one that the endpoint takes: a good one opens what
// is closed without, a bad one closes what is open.
Finding credentials_are_not_in_the_url(Endpoint& endpoint) {
  auto const url = stream_url(endpoint);
  auto const request = without_credentials(endpoint);
  auto const token = bearer_token(endpoint);
  auto const without = head_for(endpoint, url, request);
  if (without.status != 200 && token.empty())
    return skip("the stream is closed and no token was given: -H 'Authorization: Bearer ...'");
  for (auto const* name : {"access_token", "token"}) {
    auto const value = without.status == 200 ? std::string("conform-invalid") : token;
    auto const with = head_for(endpoint, url.with_query(name, value), request);
    if (is_stream(with) != is_stream(without))
      return warn(
          "no token in the URL: it ends in logs and histories",
          fmt::format("{} for ?{}=, {} without", with.status_line(), name, without.status_line()));
  }
  return pass();
}

}  // namespace

std::vector<Case> refusal_cases() {
  return {
      {{"SSE-RESP-29", "refusals are plain: 401 or 403 and no stream; 429, 503 with Retry-After",
        "9110 15.5.2, 10.2.3", Level::url, Severity::major},
       refusals_are_plain},
      {{"SSE-RESP-30", "overload does not answer 5xx to browsers", "HTML 9.2.3", Level::process,
        Severity::major},
       overload_spares_browsers,
       {.limit_s = 60, .alone = true}},
      {{"SSE-RESP-33", "credentials are not taken from the URL", "RFC 6750 2.3", Level::url,
        Severity::minor},
       credentials_are_not_in_the_url},
  };
}

}  // namespace pushlab::conformance

#include <fmt/format.h>

#include <optional>

#include "tests/conformance/sse_response/probe.hpp"
#include "tests/conformance/sse_response/sections.hpp"

namespace pushlab::conformance {
namespace {

// The exchange, or nothing when no head came in the time that a bodiless answer may take.
std::optional<Exchange> ask_briefly(Endpoint& endpoint, Url const& url, Request const& request) {
  try {
    return Exchange(url, request, Deadline::in(endpoint.settings().response.bodiless_end_s));
  } catch (WireError const& error) {
    if (error.kind != WireError::Kind::silent) throw;
    return {};
  }
}

Finding head_is_get_without_a_body(Endpoint& endpoint) {
  auto const capture = stream_capture(endpoint);
  auto const& settings = endpoint.settings();
  for (int i = 0; i < settings.response.heads; ++i) {
    auto exchange = ask_briefly(endpoint, capture->url, endpoint.request().as("HEAD"));
    if (!exchange)
      return fail(fmt::format("an answer to HEAD within {} s", settings.response.bodiless_end_s),
                  fmt::format("none to request {}", i + 1));
    auto const& head = exchange->head();
    if (head.status == 405 || head.status == 501)
      return warn("HEAD to be served as GET is", head.status_line());
    // Any body would begin right behind the head; one round is waited for.
    auto const more =
        exchange->connection().receive(Deadline::in(i == 0 ? settings.still_open_s : 0));
    if (more.kind == Arrival::Kind::bytes)
      return fail("no body behind the head", quoted(more.bytes, 60));
    if (head.status != capture->head.status || media_type(head) != media_type(capture->head))
      return warn("the head of GET, " + in_short(capture->head), in_short(head));
  }
  return pass(fmt::format("{} times", settings.response.heads));
}

bool ends(Endpoint& endpoint, Exchange& exchange) {
  exchange.read(Deadline::in(endpoint.settings().response.bodiless_end_s));
  return exchange.body().end != Body::End::open;
}

Finding options_opens_no_stream(Endpoint& endpoint) {
  auto const capture = stream_capture(endpoint);
  auto exchange = ask_briefly(endpoint, capture->url, endpoint.request().as("OPTIONS"));
  if (!exchange) return fail("an answer to OPTIONS", "none in time");
  auto const& head = exchange->head();
  if (is_stream(head) || !ends(endpoint, *exchange))
    return fail("an answer that ends", in_short(head) + ", and no end");
  if (head.status < 300 || (head.status == 405 && head.has("Allow")))
    return pass(head.status_line());
  return warn("2xx, or 405 with Allow",
              head.status_line() + (head.has("Allow") ? "" : " without Allow"));
}

Finding of_method(Endpoint& endpoint, Url const& url, std::string const& method) {
  auto const request = endpoint.request().as(method).with("Content-Length", "0");
  auto const exchange = ask_briefly(endpoint, url, request);
  if (!exchange) return warn("405 with Allow", "no answer to " + method + " in time");
  auto const& head = exchange->head();
  auto const seen = fmt::format("{} to {}", in_short(head), method);
  if (is_stream(head))
    return method == "POST" ? info("POST opens a stream, too") : fail("no stream", seen);
  if (head.status == 405 && head.has("Allow")) return pass(seen);
  return warn("405 with Allow", seen + (head.has("Allow") ? "" : " without Allow"));
}

Finding other_methods_are_refused(Endpoint& endpoint) {
  auto const capture = stream_capture(endpoint);
  std::vector<Finding> findings;
  for (auto const* method : {"PUT", "DELETE", "PATCH", "POST"})
    findings.push_back(of_method(endpoint, capture->url, method));
  return worst(findings);
}

}  // namespace

std::vector<Case> method_cases() {
  return {
      {{"SSE-RESP-18", "HEAD gets GET's head, no body, and ends at once", "9110 9.3.2", Level::url,
        Severity::major},
       head_is_get_without_a_body},
      {{"SSE-RESP-19", "OPTIONS ends and opens no stream", "9110 9.3.7", Level::url,
        Severity::minor},
       options_opens_no_stream},
      {{"SSE-RESP-20", "other methods get 405 with Allow", "9110 15.5.6", Level::url,
        Severity::minor},
       other_methods_are_refused},
  };
}

}  // namespace pushlab::conformance

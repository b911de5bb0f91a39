#include <fmt/format.h>

#include "tests/conformance/sse_response/curl_opinion.hpp"
#include "tests/conformance/sse_response/probe.hpp"
#include "tests/conformance/sse_response/sections.hpp"

namespace pushlab::conformance {
namespace {

Finding no_length_on_an_endless_stream(Endpoint& endpoint) {
  auto const capture = stream_capture(endpoint);
  if (!capture->head.has("Content-Length")) return pass();
  auto const length = "Content-Length: " + quoted(capture->head.value("Content-Length"));
  auto const expected = "no Content-Length, or a stream that is just as long";
  EventStream stream = open_stream(endpoint, capture->url);
  stream.listen(endpoint.settings().capture_s);
  auto const& body = stream.body();
  if (body.end != Body::End::complete)
    return fail(expected, fmt::format("{} and {} bytes", length, body.content.size()));
  auto const more =
      stream.exchange().connection().receive(Deadline::in(endpoint.settings().still_open_s));
  if (more.kind == Arrival::Kind::bytes)
    return fail(expected, fmt::format("{}, then {}", length, quoted(more.bytes, 60)));
  return info(length + ", and it ends there: a finite replay");
}

Finding body_is_well_framed(Endpoint& endpoint) {
  auto const capture = stream_capture(endpoint);
  auto const& head = capture->head;
  auto const& body = capture->body;
  auto const complaint = [](std::string const& where, Complaint const& first) {
    return fail("the syntax of HTTP/1.1",
                fmt::format("at byte {} of the {}: {}", first.offset, where, first.text));
  };
  if (head.has("Transfer-Encoding") && head.has("Content-Length"))
    return fail("Transfer-Encoding or Content-Length, not both", "both");
  if (!head.complaints.empty()) return complaint("head", head.complaints[0]);
  if (!body.errors.empty()) return complaint("body", body.errors[0]);
  if (body.framing == Body::Framing::chunked && body.end == Body::End::cut)
    return fail("a last chunk before the connection is closed",
                fmt::format("its end after {} bytes", body.wire_size));
  for (auto const& chunk : body.chunks) {
    if (chunk.line.find(';') != std::string::npos)
      return warn("chunks without extensions", quoted(chunk.line));
  }
  if (!body.trailers.empty()) return warn("no trailers", quoted(body.trailers));
  return pass(fmt::format("{} bytes in {} chunks", body.wire_size, body.chunks.size()));
}

Finding head_leaves_before_the_first_event(Endpoint& endpoint) {
  auto const& limits = endpoint.settings().response;
  auto const expected = fmt::format("the head within {} s on a quiet stream", limits.head_pass_s);
  try {
    auto const capture = any_capture(endpoint);
    auto const seen = fmt::format("it after {:.3f} s", capture->head_after_s);
    if (capture->head_after_s <= limits.head_pass_s) return pass(seen);
    return capture->head_after_s <= limits.head_warn_s ? warn(expected, seen)
                                                       : fail(expected, seen);
  } catch (WireError const& error) {
    return fail(expected, error.what());
  }
}

Finding http_1_0_gets_no_transfer_coding(Endpoint& endpoint) {
  auto request = endpoint.request();
  request.version = "HTTP/1.0";
  Exchange exchange(stream_url(endpoint), request, endpoint.answer_deadline());
  auto const& head = exchange.head();
  if (head.has("Transfer-Encoding"))
    return fail("no Transfer-Encoding in an answer to HTTP/1.0",
                "Transfer-Encoding: " + quoted(head.value("Transfer-Encoding")));
  if (!is_stream(head)) return warn("the stream for HTTP/1.0, too", in_short(head));
  if (exchange.body().framing == Body::Framing::length)
    return warn("a body that ends by close",
                "Content-Length: " + quoted(head.value("Content-Length")));
  return pass(head.status_line());
}

}  // namespace

std::vector<Case> transfer_cases() {
  return {
      {{"SSE-RESP-08", "an open-ended stream has no Content-Length", "9110 8.6, 9112 6.2, 6.3",
        Level::url, Severity::critical},
       no_length_on_an_endless_stream},
      {{"SSE-RESP-09", "the body is validly chunked or ends by close, and the head is well formed",
        "9112 2.2, 6.1, 6.3, 7.1", Level::url, Severity::major},
       body_is_well_framed},
      {{"SSE-RESP-10", "the head leaves before the first event", "HTML 9.2.3; caddy#6293",
        Level::url, Severity::major},
       head_leaves_before_the_first_event},
      {{"SSE-RESP-23", "an HTTP/1.0 client gets no Transfer-Encoding, and the body ends by close",
        "9112 6.1", Level::url, Severity::major},
       http_1_0_gets_no_transfer_coding},
      {{"SSE-RESP-34", "an independent client reads the same status, fields and body",
        "9112; libcurl", Level::url, Severity::major},
       curl_agrees},
  };
}

}  // namespace pushlab::conformance

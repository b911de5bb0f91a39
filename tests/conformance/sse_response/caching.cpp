#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "tests/conformance/sse_response/probe.hpp"
#include "tests/conformance/sse_response/sections.hpp"

namespace pushlab::conformance {
namespace {

// Of an IMF-fixdate, the only form that may be sent; anything else is a date long past (9111 5.3).
std::time_t date(std::string const& text) {
  std::tm parts{};
  if (!::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts)) return 0;
  return ::timegm(&parts);
}

std::string fixdate(std::time_t when) {
  std::tm parts{};
  ::gmtime_r(&when, &parts);
  char text[64];
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text;
}

// Whether a directive grants a lifetime: "max-age=60", not "max-age=0".
bool grants(std::vector<std::string> const& directives, std::string_view name) {
  return std::any_of(directives.begin(), directives.end(), [&](std::string const& directive) {
    auto const equals = directive.find('=');
    return equals != std::string::npos && same_text(directive.substr(0, equals), name) &&
           std::atoll(directive.c_str() + equals + 1) > 0;
  });
}

Finding shared_caches_may_not_store(Endpoint& endpoint) {
  auto const capture = stream_capture(endpoint);
  auto const& head = capture->head;
  auto const control = head.members("Cache-Control");
  auto const seen = head.has("Cache-Control")
                        ? "Cache-Control: " + quoted(head.value("Cache-Control"))
                    : head.has("Expires") ? "Expires: " + quoted(head.value("Expires"))
                                          : "neither Cache-Control nor Expires";
  auto const expected = "Cache-Control: no-store, or one user's stream may be given to another";
  if (contains(control, "no-store") || contains(control, "private")) return pass(seen);
  bool const fresh =
      contains(control, "public") || grants(control, "max-age") || grants(control, "s-maxage") ||
      (control.empty() && head.has("Expires") && date(head.value("Expires")) > std::time(nullptr));
  if (fresh || (control.empty() && !head.has("Expires"))) return fail(expected, seen);
  return warn(expected, seen);
}

Finding middlemen_do_not_transform(Endpoint& endpoint) {
  auto const capture = stream_capture(endpoint);
  if (contains(capture->head.members("Cache-Control"), "no-transform")) return pass();
  return warn("no-transform in Cache-Control: it keeps some middlemen from compressing",
              capture->head.has("Cache-Control") ? quoted(capture->head.value("Cache-Control"))
                                                 : "no Cache-Control");
}

Finding nginx_does_not_buffer(Endpoint& endpoint) {
  auto const capture = stream_capture(endpoint);
  auto const& head = capture->head;
  auto const expected = "X-Accel-Buffering: no";
  bool const behind_nginx = lower(head.value("Server")).starts_with("nginx");
  if (same_text(head.value("X-Accel-Buffering"), "no"))
    return behind_nginx ? warn("nginx to keep the field to itself", expected) : pass();
  if (head.has("X-Accel-Buffering")) return warn(expected, quoted(head.value("X-Accel-Buffering")));
  if (behind_nginx) return info("nginx answers: it takes the field out, so it cannot be seen");
  return warn(expected, "no such field");
}

// Each of these statuses closes an EventSource for good.
Finding conditions_are_disregarded(Endpoint& endpoint) {
  auto const capture = stream_capture(endpoint);
  Fields const conditions{{"Range", "bytes=0-"},
                          {"If-None-Match", "*"},
                          {"If-Modified-Since", fixdate(std::time(nullptr))}};
  for (auto const& condition : conditions) {
    auto const head = head_for(endpoint, endpoint.request().with(condition.name, condition.value));
    if (head.status != 200)
      return fail(fmt::format("200 in spite of {}: {}", condition.name, condition.value),
                  head.status_line());
  }
  for (auto const* name : {"ETag", "Last-Modified", "Accept-Ranges"}) {
    auto const value = capture->head.value(name);
    if (!value.empty() && !same_text(value, "none"))
      return warn(fmt::format("no {} on an endless stream", name),
                  fmt::format("{}: {}", name, quoted(value)));
  }
  return pass();
}

}  // namespace

std::vector<Case> caching_cases() {
  return {
      {{"SSE-RESP-06", "shared caches may not store the stream", "9111 3, 4.2.2, 5.2.2", Level::url,
        Severity::critical},
       shared_caches_may_not_store},
      {{"SSE-RESP-07", "intermediaries are told not to transform", "9111 5.2.2.6", Level::url,
        Severity::minor},
       middlemen_do_not_transform},
      {{"SSE-RESP-11", "nginx is told not to buffer", "nginx proxy docs, nginx#1505", Level::url,
        Severity::minor},
       nginx_does_not_buffer},
      {{"SSE-RESP-25", "conditional and range requests still get 200", "9110 13, 14.2", Level::url,
        Severity::major},
       conditions_are_disregarded},
  };
}

}  // namespace pushlab::conformance

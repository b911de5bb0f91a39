#include "tests/conformance/sse_response/probe.hpp"
#include "tests/conformance/sse_response/sections.hpp"

namespace pushlab::conformance {
namespace {

Finding type_is_event_stream(Endpoint& endpoint) {
  auto const capture = stream_capture(endpoint);
  auto const type = capture->head.value("Content-Type");
  if (media_type(capture->head) == "text/event-stream") return pass(quoted(type));
  return fail("Content-Type: text/event-stream",
              capture->head.has("Content-Type") ? quoted(type) : "no Content-Type");
}

// The value of the first charset parameter, without quotes; empty: none.
std::string charset(std::string const& type) {
  auto const parameters = split_list(type, ';');
  for (std::size_t i = 1; i < parameters.size(); ++i) {
    auto const equals = parameters[i].find('=');
    if (equals == std::string::npos ||
        !same_text(trimmed(parameters[i].substr(0, equals)), "charset"))
      continue;
    auto value = std::string(trimmed(std::string_view(parameters[i]).substr(equals + 1)));
    std::erase(value, '"');
    return value.empty() ? "(empty)" : value;
  }
  return {};
}

Finding charset_is_utf8(Endpoint& endpoint) {
  auto const capture = stream_capture(endpoint);
  auto const type = capture->head.value("Content-Type");
  auto const label = charset(type);
  if (label.empty() || same_text(label, "utf-8")) return pass(quoted(type));
  return fail("no charset, or utf-8: Chromium closes on any other label", quoted(type));
}

Finding one_content_type(Endpoint& endpoint) {
  auto const capture = stream_capture(endpoint);
  auto const values = capture->head.values("Content-Type");
  if (values.empty()) return skip("there is no Content-Type");
  if (values.size() > 1)
    return fail("one Content-Type field", quoted(values[0]) + " and " + quoted(values[1]));
  if (values[0].find(',') != std::string::npos)
    return fail("one media type in Content-Type", quoted(values[0]));
  return pass();
}

Finding wrong_type_fails_fast(Endpoint& endpoint) {
  auto const capture = stream_capture(endpoint);
  if (is_stream(capture->head)) return skip("the type is right");
  bool const nosniff = contains(capture->head.members("X-Content-Type-Options"), "nosniff");
  return info(nosniff ? "X-Content-Type-Options: nosniff, so browsers see the wrong type at once"
                      : "no X-Content-Type-Options: nosniff: browsers may wait for bytes to sniff, "
                        "connecting for ever");
}

}  // namespace

std::vector<Case> content_type_cases() {
  return {
      {{"SSE-RESP-02", "the media type is text/event-stream", "HTML 9.2.3", Level::url,
        Severity::critical},
       type_is_event_stream},
      {{"SSE-RESP-03", "charset is absent or utf-8", "HTML, IANA section; WPT format-utf-8",
        Level::url, Severity::critical},
       charset_is_utf8},
      {{"SSE-RESP-04", "there is one Content-Type field and no list in it", "9110 8.3, 5.3",
        Level::url, Severity::major},
       one_content_type},
      {{"SSE-RESP-05", "a wrong type fails fast", "Fetch, MIME sniffing", Level::url,
        Severity::minor},
       wrong_type_fails_fast},
  };
}

}  // namespace pushlab::conformance

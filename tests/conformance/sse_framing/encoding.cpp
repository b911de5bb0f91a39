#include <fmt/format.h>

#include "tests/conformance/engine/capture.hpp"
#include "tests/conformance/sse_framing/delivery.hpp"
#include "tests/conformance/sse_framing/sections.hpp"

namespace pushlab::conformance {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view replacement = "\xEF\xBF\xBD";

Finding is_utf8(Endpoint& endpoint) {
  auto const capture = busy_capture(endpoint);
  auto const bad = find_bad_utf8(capture->text);
  if (bad == std::string::npos) return pass(fmt::format("{} bytes", capture->text.size()));
  auto const begin = bad < 20 ? 0 : bad - 20;
  return fail("UTF-8 throughout: clients show U+FFFD for what is not",
              fmt::format("byte {}, behind {}", bad,
                          quoted(std::string_view(capture->text).substr(begin, bad - begin + 4))));
}

Finding has_no_later_mark(Endpoint& endpoint) {
  auto const capture = busy_capture(endpoint);
  for (auto const& line : capture->sse.lines) {
    if (line.text.starts_with(byte_order_mark))
      return fail("a byte order mark at byte 0 only: the field behind another one is lost",
                  fmt::format("one at byte {}: {}", line.offset, quoted(line.text)));
  }
  return pass(capture->sse.bom ? "one at byte 0" : "none");
}

// Four bytes a character, so that chunks and buffers end inside one. Smaller when that is refused.
Finding keeps_characters_whole(Endpoint& endpoint) {
  auto const mine = endpoint.marker();
  for (auto bytes = endpoint.settings().framing.emoji_bytes; bytes >= 64; bytes /= 4) {
    auto payload = mine;
    while (payload.size() < bytes) payload += "\xF0\x9F\x98\x80";
    auto const found = deliver(endpoint, payload, mine);
    if (!found.answer.accepted()) continue;
    if (found.carrier()) return pass(fmt::format("{} bytes of them came whole", bytes));
    std::string text;
    for (auto const& line : found.lines) text += line.text;
    auto const at = text.find(replacement);
    return fail(fmt::format("{} bytes of four-byte characters as they were", bytes),
                at == std::string::npos ? found.shown()
                                        : fmt::format("U+FFFD at byte {} of the event", at));
  }
  return skip("the endpoint refused every payload of four-byte characters");
}

}  // namespace

std::vector<Case> encoding_cases() {
  return {
      {{"SSE-FRAME-01", "the decoded body is valid UTF-8", "HTML 9.2.5", Level::url,
        Severity::critical},
       is_utf8},
      {{"SSE-FRAME-17", "a byte order mark comes at most once, at byte 0",
        "HTML 9.2.5; WPT format-bom", Level::url, Severity::major},
       has_no_later_mark},
      {{"SSE-FRAME-18", "characters of several bytes stay whole however the body is cut",
        "HTML 9.2.5", Level::publish, Severity::critical},
       keeps_characters_whole,
       {.limit_s = 60}},
  };
}

}  // namespace pushlab::conformance

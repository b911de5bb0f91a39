#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "tests/conformance/engine/capture.hpp"
#include "tests/conformance/sse_framing/sections.hpp"

namespace pushlab::conformance {
namespace {

constexpr std::array<std::string_view, 4> known_fields{"data", "event", "id", "retry"};

bool known(std::string_view name) {
  return std::find(known_fields.begin(), known_fields.end(), name) != known_fields.end();
}

// A known field but for its case or the space around: SSE-FRAME-22 judges these.
bool nearly_known(std::string_view name) {
  return !known(name) && known(lower(trimmed(name)));
}

bool unknown(SseLine const& line) {
  return line.kind == SseLine::Kind::field && !known(line.field) && !nearly_known(line.field);
}

// A name somebody may have meant as a field; anything else is text that strayed into the stream.
bool names_a_field(SseLine const& line) {
  return line.text.find(':') != std::string::npos &&
         std::all_of(line.field.begin(), line.field.end(), [](unsigned char c) {
           return std::isalnum(c) || c == '-' || c == '_' || c == '.';
         });
}

std::string at(SseLine const& line) {
  return fmt::format("byte {}: {}", line.offset, quoted(line.text));
}

Finding has_known_lines_only(Endpoint& endpoint) {
  auto const capture = busy_capture(endpoint);
  constexpr auto expected = "comments, data, event, id, retry and blank lines";
  SseLine const* odd = nullptr;
  for (auto const& line : capture->sse.lines) {
    if (line.end == SseLine::End::none || !unknown(line)) continue;
    if (!names_a_field(line)) return fail(expected, at(line));
    odd = &line;
  }
  if (odd) return warn(expected, at(*odd));
  return pass(fmt::format("{} lines", capture->sse.lines.size()));
}

Finding ends_lines_in_one_way(Endpoint& endpoint) {
  auto const capture = busy_capture(endpoint);
  std::array<std::size_t, 4> count{};
  for (auto const& line : capture->sse.lines) ++count[static_cast<std::size_t>(line.end)];
  auto const [lf, crlf, cr, none] = count;
  auto const seen = fmt::format("{} LF, {} CRLF, {} CR", lf, crlf, cr);
  if (cr > 0) return warn("LF or CRLF: a common parser holds back an event that ends by CR", seen);
  if (lf > 0 && crlf > 0) return warn("one kind of line end", seen);
  if (lf + crlf == 0) return skip("no line came");
  return pass(seen);
}

// Whether what follows the comment came on its line: a field's name right behind a sign that is no
// letter (":id: 7"; "a valid: one" may be meant), or an event that was published.
bool swallows(std::string_view comment, std::vector<std::string> const& markers) {
  for (auto const name : known_fields) {
    auto const field = fmt::format("{}:", name);
    for (auto at = comment.find(field); at != comment.npos; at = comment.find(field, at + 1)) {
      auto const before = static_cast<unsigned char>(comment[at - 1]);
      if (before != ' ' && !std::isalnum(before)) return true;
    }
  }
  return std::any_of(markers.begin(), markers.end(), [&](std::string const& marker) {
    return comment.find(marker) != comment.npos;
  });
}

Finding ends_comments_with_their_line(Endpoint& endpoint) {
  std::size_t comments = 0;
  for (auto const& capture : {busy_capture(endpoint), long_capture(endpoint)}) {
    for (auto const& line : capture->sse.lines) {
      if (line.kind != SseLine::Kind::comment) continue;
      ++comments;
      if (swallows(line.text, capture->markers))
        return fail("a comment on a line of its own: what follows on its line is lost", at(line));
    }
  }
  if (comments == 0) return skip("no comment came");
  return pass(fmt::format("{} comments", comments));
}

Finding names_fields_exactly(Endpoint& endpoint) {
  auto const capture = busy_capture(endpoint);
  for (auto const& line : capture->sse.lines) {
    if (line.kind == SseLine::Kind::field && nearly_known(line.field))
      return fail("lower case and no space before the colon: other names are ignored", at(line));
  }
  return pass();
}

bool foreign(SseLine const& line) {
  if (line.text.find('\0') != std::string::npos) return true;
  if (!line.text.empty() && trimmed(line.text).empty()) return true;  // padding
  if (!unknown(line) || names_a_field(line)) return false;
  auto const text = lower(trimmed(line.text));
  return text.starts_with('<') || text.starts_with("http/") || text.find("error") != text.npos ||
         text.find("warning") != text.npos || text.find("exception") != text.npos;
}

Finding holds_nothing_foreign(Endpoint& endpoint) {
  auto const capture = busy_capture(endpoint);
  for (auto const& line : capture->sse.lines) {
    if (foreign(line)) return fail("no error page, log text or padding in the stream", at(line));
  }
  return pass();
}

}  // namespace

std::vector<Case> line_cases() {
  return {
      {{"SSE-FRAME-02", "every line is a comment, a known field or empty", "HTML 9.2.5", Level::url,
        Severity::major},
       has_known_lines_only},
      {{"SSE-FRAME-03", "lines end by LF or CRLF, always the same, never by CR alone", "HTML 9.2.5",
        Level::url, Severity::minor},
       ends_lines_in_one_way},
      {{"SSE-FRAME-19", "a comment begins its line and ends with it", "HTML 9.2.5", Level::url,
        Severity::major},
       ends_comments_with_their_line,
       {.limit_s = 120}},
      {{"SSE-FRAME-22", "field names are lower-case, without space around", "HTML 9.2.6",
        Level::url, Severity::major},
       names_fields_exactly},
      {{"SSE-FRAME-27", "nothing foreign is in the stream: no error page, log text, padding",
        "HTML 9.2.5", Level::url, Severity::major},
       holds_nothing_foreign},
  };
}

}  // namespace pushlab::conformance

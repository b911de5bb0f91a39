#include <fmt/format.h>

#include "tests/conformance/websocket/sections.hpp"
#include "tests/conformance/websocket/trials.hpp"

namespace pushlab::conformance {
namespace {

using Frame = WebSocketFrame;

std::string text(std::string payload) {
  return Frame{.payload = std::move(payload)}.bytes();
}

// The text in frames of so many bytes.
std::string in_pieces(std::string_view payload, std::size_t size) {
  std::string bytes;
  for (std::size_t at = 0; at < payload.size(); at += size)
    bytes += Frame{.opcode = at == 0 ? Opcode::text : Opcode::continuation,
                   .payload = std::string(payload.substr(at, size)),
                   .fin = at + size >= payload.size()}
                 .bytes();
  return bytes;
}

std::string const greek = "\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5";

std::vector<Trial> bad_text() {
  std::vector<Trial> trials;
  for (std::string const bytes :
       {"\x80", "\xBF", "\xFE", "\xFF", "\xC3\x28", "\xE2\x28\xA1", "\xF0\x28\x8C\x28", "\xC0\xAF",
        "\xC1\xBF", "\xE0\x80\xAF", "\xE0\x9F\xBF", "\xF0\x80\x80\xAF", "\xF0\x8F\xBF\xBF",
        "\xED\xA0\x80", "\xED\xBF\xBF", "\xED\xA0\x80\xED\xB0\x80", "\xF4\x90\x80\x80",
        "\xF8\x88\x80\x80\x80", "\xFC\x84\x80\x80\x80\x80"})
    trials.push_back({quoted(bytes), text(greek + bytes + "edited"), {1007}});
  for (std::string const bytes : {"\xC2", "\xE0\xA0", "\xF0\x90\x80"})
    trials.push_back({quoted(bytes) + " at the end", text(greek + bytes), {1007}});
  trials.push_back(
      {"surrogates in frames of a byte", in_pieces(greek + "\xED\xA0\x80" + "edited", 1), {1007}});
  trials.push_back(
      {"a character cut off in the last of two frames", in_pieces("ab\xF0\x90", 2), {1007}});
  return trials;
}

std::vector<Trial> good_text() {
  std::string const edges = std::string(1, '\0') +
                            "\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBD"
                            "\xEF\xBF\xBE\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF";
  return {{"the first and last characters of each length", text(edges)},
          {"the same in frames of a byte", in_pieces(edges, 1)},
          {"the same in frames of two bytes", in_pieces(edges, 2)},
          {"a binary message that is no text",
           Frame{.opcode = Opcode::binary, .payload = "\xFF"}.bytes()}};
}

// What can be known to be wrong before the message ends.
std::vector<Trial> unfinished_bad_text() {
  auto const whole = Frame{.payload = greek + "\xF4\x90\x80\x80" + "edited"}.bytes();
  return {{"bad bytes in the first of two frames",
           Frame{.payload = greek + "\xF4\x90\x80\x80", .fin = false}.bytes(),
           {1007}},
          {"bad bytes in a frame that has not ended", whole.substr(0, whole.size() - 6), {1007}}};
}

Finding refuses_bad_text(Endpoint& endpoint) {
  auto trials = bad_text();
  for (auto& trial : good_text()) trials.push_back(std::move(trial));
  auto finding = judge(endpoint, trials);
  if (finding.verdict != Verdict::pass) return finding;
  auto const early = judge(endpoint, unfinished_bad_text());
  if (early.verdict == Verdict::pass || message_refusal(endpoint)) return finding;
  return warn("1007 as soon as bytes are wrong, before the message ends", early.seen);
}

}  // namespace

std::vector<Case> websocket_utf8_cases() {
  return {{{"WS-09", "text that is no UTF-8 is refused with 1007", "RFC 6455 8.1", Level::url,
            Severity::major},
           refuses_bad_text,
           {.limit_s = 60}}};
}

}  // namespace pushlab::conformance

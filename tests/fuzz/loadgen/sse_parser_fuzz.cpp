// The same events whole and cut: the first byte of the input chooses the size of the cuts.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "loadgen/client/sse_parser.hpp"

namespace {

using namespace pushlab::loadgen;

constexpr std::size_t limit = 64;

struct Transcript final : SseSink {
  void on_event(SseEvent const& event) override {
    text.append(event.type).append("|").append(event.data).append("|");
    text.append(event.last_event_id).append("\n");
  }
  void on_retry(std::int64_t delay_ms) override { text.append(std::to_string(delay_ms)); }
  std::string text;
};

struct Outcome {
  std::string text;
  std::string last_event_id;
  bool failed;
  bool operator==(Outcome const&) const = default;
};

Outcome outcome_of(std::string_view stream, std::size_t cut) {
  SseParser parser(limit);
  Transcript out;
  for (std::size_t at = 0; at < stream.size(); at += cut) {
    std::string const own(stream.substr(at, cut));
    if (!parser.feed(own, out)) break;
  }
  return {out.text, parser.last_event_id(), parser.failed()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size < 2) return 0;
  std::string_view const stream(reinterpret_cast<char const*>(data) + 1, size - 1);
  if (outcome_of(stream, stream.size()) != outcome_of(stream, 1U + data[0] % 16)) std::abort();
  return 0;
}
